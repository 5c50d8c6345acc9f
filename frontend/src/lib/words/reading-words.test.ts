import { describe, expect, it } from "vitest";

import { NOT_A_CHEST, readingAnswer, suitability, verdict } from "@/lib/testing/answers";

import { forcedMark, mainVerdict, verdictText } from "./reading-words";

describe("mainVerdict", () => {
  it("is the first of a reading's verdicts", () => {
    const answer = readingAnswer({ bacterial: 0.7, viral: 0.2, decision: "positive" });
    expect(mainVerdict(answer)).toBe(answer.verdicts[0]);
  });

  it("is never missing without a word", () => {
    expect(() => mainVerdict({ verdicts: [] })).toThrow("A reading without a verdict.");
  });
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
