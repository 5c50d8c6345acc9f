import { expect, it } from "vitest";

import { card } from "@/lib/testing/cards";

import { conformalWords } from "./conformal-words";

it("says what the stated coverage aims at, and when the model cannot tell", () => {
  const words = conformalWords(card)?.replaceAll("\u00a0", " ");
  expect(words).toContain("each of normal and pneumonia that is not ruled out");
  expect(words).toContain("on 95 % of radiographs of either kind");
  expect(words).toMatch(/Fitted on: the tuning patients\.$/);
});

it("says nothing of a model that always decides", () => {
  expect(conformalWords({ ...card, conformal: null })).toBeNull();
});
