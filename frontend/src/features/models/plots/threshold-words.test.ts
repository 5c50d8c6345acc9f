import { expect, it } from "vitest";

import { curves } from "@/lib/testing/cards";

import { prevalenceSentence, thresholdSentence } from "./threshold-words";

function plain(words: string | null): string | undefined {
  return words?.replaceAll("\u00a0", " ");
}

it("gives sensitivity and specificity at a threshold", () => {
  expect(plain(thresholdSentence(curves.roc, 0.52, "a mass"))).toBe(
    "At a threshold of 52 %, sensitivity for a mass is 90 % and specificity 90 %.",
  );
});

it("gives predictive values at a prevalence", () => {
  // Of 1,000 with 100 ill: 90 found, 10 missed, 810 cleared, 90 called ill wrongly.
  expect(plain(prevalenceSentence(curves.roc, 0.52, 0.1, "a mass"))).toBe(
    "If the prevalence of a mass is 10 %, the positive predictive value is 50 % and the negative predictive value is 99 %.",
  );
});

it("says that a threshold leaves no positive or no negative decision", () => {
  expect(plain(prevalenceSentence(curves.roc, 1, 0.1, "a mass"))).toMatch(
    /no decision is positive and the negative predictive value is 90 %/,
  );
  expect(plain(prevalenceSentence(curves.roc, 0, 0.1, "a mass"))).toMatch(
    /the positive predictive value is 10 % and no decision is negative/,
  );
});

it("says nothing where there is no curve", () => {
  expect([thresholdSentence([], 0.5, "a mass"), prevalenceSentence([], 0.5, 0.1, "a mass")]).toEqual([
    null,
    null,
  ]);
});
