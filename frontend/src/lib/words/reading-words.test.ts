import { describe, expect, it } from "vitest";

import type { Reason } from "@/lib/api/types";
import { findings, NOT_A_CHEST, suitability } from "@/lib/testing/answers";

import { forcedMark, meaningSentence, operatingPointSentence, readingSentence } from "./reading-words";

type Read = Parameters<typeof readingSentence>[0];

/** The sentence with plain spaces, which are easier to read here. */
function sentenceOf(answer: Read): string {
  return readingSentence(answer).replaceAll("\u00a0", " ");
}

describe("readingSentence", () => {
  it.each([
    [0.7, 0.25, "The model finds signs of pneumonia (95 %), more like bacterial than viral."],
    [0.2, 0.6, "The model finds signs of pneumonia (80 %), more like viral than bacterial."],
    [0.46, 0.44, "The model finds signs of pneumonia (90 %), bacterial and viral about equally likely."],
    // 0.6 of the whole is enough to lean.
    [0.48, 0.32, "The model finds signs of pneumonia (80 %), more like bacterial than viral."],
  ])("names the kind of a positive: bacterial %d, viral %d", (bacterial, viral, sentence) => {
    expect(sentenceOf({ decision: "positive", findings: findings(bacterial, viral) })).toBe(sentence);
  });

  it("names no kind where the model tells none apart", () => {
    const pneumonia = findings(0.5, 0.3).filter(({ code }) => code === "pneumonia");
    expect(sentenceOf({ decision: "positive", findings: pneumonia })).toBe(
      "The model finds signs of pneumonia (80 %).",
    );
  });

  it("names no kind where the model's figures do not bear it out", () => {
    const weak = findings(0.7, 0.25).map((finding) =>
      finding.code === "bacterial_pneumonia" ? { ...finding, assessed: false } : finding,
    );
    expect(sentenceOf({ decision: "positive", findings: weak })).toBe(
      "The model finds signs of pneumonia (95 %).",
    );
  });

  it("says of a negative how probable pneumonia still is", () => {
    expect(sentenceOf({ decision: "negative", findings: findings(0.02, 0.01) })).toBe(
      "The model finds no signs of pneumonia (pneumonia 3 %).",
    );
    expect(sentenceOf({ decision: "negative", findings: findings(0.0001, 0) })).toBe(
      "The model finds no signs of pneumonia (pneumonia under 1 %).",
    );
  });

  it("does not lean when it is uncertain", () => {
    expect(sentenceOf({ decision: "uncertain", findings: findings(0.4, 0.1) })).toBe(
      "The model cannot tell (pneumonia 50 %): take it as no reading either way.",
    );
  });
});

/** With plain spaces, which are easier to read here. */
function plain(words: string | null): string | undefined {
  return words?.replaceAll("\u00a0", " ");
}

const point = {
  threshold: 0.41,
  criterion: "largest sensitivity + specificity - 1 (Youden)",
  sensitivity: 0.971,
  specificity: 0.944,
};

type Decided = Parameters<typeof meaningSentence>[0];

function meaningOf(
  decision: Decided["decision"],
  set: Decided["prediction_set"],
  coverage: number | null = 0.95,
  zone: Decided["uncertain_between"] = null,
) {
  return plain(
    meaningSentence({
      decision,
      prediction_set: set,
      coverage,
      operating_point: point,
      uncertain_between: zone,
    }),
  );
}

describe("meaningSentence", () => {
  it("says of a decision what is left possible, and how often that goes wrong", () => {
    expect(meaningOf("positive", ["pneumonia"])).toBe(
      "At its stated coverage of 95 %, only pneumonia remains possible; it wrongly rules normal out on about 5 % of normal radiographs.",
    );
    expect(meaningOf("negative", ["normal"], 0.9)).toBe(
      "At its stated coverage of 90 %, only normal remains possible; it wrongly rules pneumonia out on about 10 % of radiographs with pneumonia.",
    );
  });

  it("says why the model is uncertain", () => {
    expect(meaningOf("uncertain", ["normal", "pneumonia"])).toBe(
      "At its stated coverage of 95 %, both normal and pneumonia remain possible.",
    );
    expect(meaningOf("uncertain", [])).toBe(
      "It finds the picture less normal than 95 % of normal ones, and less like pneumonia than 95 % of those with pneumonia.",
    );
  });

  it("says when set and operating point disagree", () => {
    expect(meaningOf("uncertain", ["normal"], 0.95, [0.41, 0.6])).toBe(
      "At its stated coverage of 95 %, only normal remains possible. From 41 % to 60 %, the model does not decide at the operating point of 41 %.",
    );
    expect(meaningOf("uncertain", null, null, [0.3, 0.41])).toBe(
      "From 30 % to 41 %, the model does not decide at the operating point of 41 %.",
    );
  });

  it("goes by the operating point alone where the model has no sets", () => {
    expect(meaningOf("positive", null, null)).toBe(
      "Pneumonia's probability is at or above the operating point of 41 %.",
    );
    expect(meaningOf("negative", null, null)).toBe(
      "Pneumonia's probability is below the operating point of 41 %.",
    );
    expect(meaningOf("uncertain", null, null)).toBe("The model does not decide here.");
  });
});

describe("operatingPointSentence", () => {
  it("says what was measured at the point", () => {
    expect(plain(operatingPointSentence(point))).toBe(
      "On validation patients, it finds 97 % of those with pneumonia and clears 94 % of those without.",
    );
  });

  it("says nothing where nothing was measured", () => {
    expect(operatingPointSentence({ ...point, sensitivity: null })).toBeNull();
    expect(operatingPointSentence({ ...point, specificity: null })).toBeNull();
  });
});

describe("forcedMark", () => {
  const reasons: Reason[] = [NOT_A_CHEST, { code: "colour", words: "It is in colour." }];
  const unsuitable = { suitable: false, reasons };

  it("gives every reason why it should not have been read", () => {
    expect(forcedMark(suitability({ ...unsuitable, forced: true }))).toBe(
      "Read on request although: No lungs can be made out in this picture. It is in colour.",
    );
    expect(forcedMark(suitability({ suitable: false, forced: true }))).toBe(
      "Read on request although: the picture is not suitable.",
    );
  });

  it("is on no reading that was suitable, asked for or not", () => {
    expect(forcedMark(suitability())).toBeNull();
    expect(forcedMark(suitability({ forced: true }))).toBeNull();
    expect(forcedMark(null)).toBeNull();
  });
});
