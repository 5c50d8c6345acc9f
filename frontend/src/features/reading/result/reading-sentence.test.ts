import { describe, expect, it } from "vitest";

import { findings } from "@/lib/testing/answers";

import { readingSentence } from "./reading-sentence";

/** The sentence with plain spaces, which are easier to read here. */
function sentenceOf(answer: Parameters<typeof readingSentence>[0]): string {
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
      "The model is not sure (pneumonia 50 %): take it as no reading either way.",
    );
  });
});
