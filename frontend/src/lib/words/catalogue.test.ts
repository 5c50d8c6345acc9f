import { expect, it } from "vitest";

import { decisionWords, FIGURES, figureWords, findingWords, viewWords } from "./catalogue";

it("has the words of the reports, in the order of their tables", () => {
  expect(FIGURES.slice(0, 4)).toEqual(["auroc", "auprc", "accuracy", "sensitivity"]);
  expect(figureWords("log_loss")).toBe("Log loss");
  expect(findingWords("effusion")).toBe("pleural effusion");
  expect(decisionWords("positive")).toBe("present");
  const views = [
    ["PA", "unknown"],
    ["unknown", "unknown"],
    ["unknown", "AP"],
    ["PA", "AP"],
  ] as const;
  expect(views.map(([view, estimated]) => viewWords({ view, estimated_view: estimated }))).toEqual([
    "PA view",
    "view not stated",
    "AP view, estimated from the picture",
    "PA view",
  ]);
});

it("shows a code that it does not know as words, and no word for what is no decision", () => {
  expect([figureWords("a_new_figure"), findingWords("enlarged_heart")]).toEqual([
    "a new figure",
    "enlarged heart",
  ]);
  expect(decisionWords("forced")).toBeNull();
});
