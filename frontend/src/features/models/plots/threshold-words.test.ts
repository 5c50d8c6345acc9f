import { expect, it } from "vitest";

import { curves } from "@/lib/testing/cards";

import { prevalenceSentence, thresholdSentence } from "./threshold-words";

function plain(words: string | null): string | undefined {
  return words?.replaceAll("\u00a0", " ");
}

it("says what a threshold finds and what it clears", () => {
  expect(plain(thresholdSentence(curves.roc, 0.52))).toBe(
    "From 52 % on called pneumonia, the model finds 90 % of those with pneumonia and clears 90 % of those without.",
  );
});

it("says how often readings are right where pneumonia is so common", () => {
  // Of 1,000 with 100 ill: 90 found, 10 missed, 810 cleared, 90 called ill wrongly.
  expect(plain(prevalenceSentence(curves.roc, 0.52, 0.1))).toBe(
    "Where 10 % have pneumonia, a positive reading is right in 50 %, a negative one in 99 %.",
  );
});

it("says that a threshold leaves no positive or no negative reading", () => {
  expect(plain(prevalenceSentence(curves.roc, 1, 0.1))).toMatch(
    /no reading is positive, a negative one in 90 %/,
  );
  expect(plain(prevalenceSentence(curves.roc, 0, 0.1))).toMatch(/right in 10 %, no reading is negative/);
});

it("says nothing where there is no curve", () => {
  expect([thresholdSentence([], 0.5), prevalenceSentence([], 0.5, 0.1)]).toEqual([null, null]);
});
