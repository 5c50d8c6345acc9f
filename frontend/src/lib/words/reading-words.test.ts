import { describe, expect, it } from "vitest";

import { NOT_A_CHEST, readingAnswer, suitability, verdict } from "@/lib/testing/answers";

import { forcedMark, mainVerdict, shortWords, verdictText } from "./reading-words";

describe("mainVerdict", () => {
  it("is the first of a reading's verdicts", () => {
    const answer = readingAnswer({ bacterial: 0.7, viral: 0.2, decision: "positive" });
    expect(mainVerdict(answer)).toBe(answer.verdicts[0]);
  });

  it("is never missing without a word", () => {
    expect(() => mainVerdict({ verdicts: [] })).toThrow("A reading without a verdict.");
  });
});

it("names the findings that are present, and counts those of little interest where they are many", () => {
  const told = (["effusion", "mass"] as const).map((finding) =>
    verdict({ finding, code: "positive", probability: 0.61 }),
  );
  const absent = (["nodule", "edema"] as const).map((finding) => verdict({ finding, code: "negative" }));
  const weak = (["hernia", "fibrosis", "pneumothorax", "emphysema", "infiltration"] as const).map((finding) =>
    verdict({ finding, code: "not_assessed" }),
  );
  expect(shortWords({ verdicts: [...weak, ...absent, ...told] })).toBe(
    "Present: pleural effusion 61\u00a0%, mass 61\u00a0%; Absent: nodule, pulmonary edema; Not assessed: 5 findings",
  );
});

it("puts a verdict and its cautions into one line", () => {
  const cautions = [{ code: "set_both" as const, words: "The set holds both." }];
  expect(verdictText(verdict({ headline: "Signs of x", sentence: "Probability 90 %.", cautions }))).toBe(
    "Signs of x. Probability 90 %. The set holds both.",
  );
});

describe("forcedMark", () => {
  it("says why the picture is not suitable", () => {
    const forced = suitability({ suitable: false, forced: true, reasons: [NOT_A_CHEST] });
    expect(forcedMark(forced)).toBe(
      `This image failed the suitability check and was processed on request. ${NOT_A_CHEST.words}`,
    );
  });

  it.each([null, suitability(), suitability({ forced: true })])(
    "is nothing where nothing was forced",
    (of) => {
      expect(forcedMark(of)).toBeNull();
    },
  );
});
