import { expect, it } from "vitest";

import { task } from "@/lib/testing/cards";

import { conformalWords } from "./conformal-words";

it("says what the stated coverage aims at, and when the model cannot tell", () => {
  const words = conformalWords(task)?.replaceAll("\u00a0", " ");
  expect(words).toContain("each label, present or absent, that is not ruled out");
  expect(words).toContain(
    "Its nominal coverage is 95 %, for radiographs with pneumonia and for those without.",
  );
  expect(words).toMatch(/Fitted on: the tuning patients\.$/);
});

it("says nothing of a model that always decides", () => {
  expect(conformalWords({ ...task, conformal: null })).toBeNull();
});
