import { describe, expect, it } from "vitest";

import { anatomyAnswer, ratioAnswer } from "@/lib/testing/anatomy-answers";

import { lungSentence, qualityWords, ratioSentence } from "./anatomy-words";

/** The sentence with plain spaces, which are easier to read here. */
function sentenceOf(changes: Parameters<typeof ratioAnswer>[0]): string {
  return ratioSentence(ratioAnswer(changes)).replaceAll("\u00a0", " ");
}

describe("ratioSentence", () => {
  it("says what the server judges of the heart's size, and nothing where it does not", () => {
    expect(sentenceOf({ value: 0.44, size_words: "Not enlarged: at most 0.50." })).toBe(
      "The heart takes up 44 % of the chest's width. Not enlarged: at most 0.50.",
    );
    expect(sentenceOf({ value: 0.56, size: null, size_words: null })).toBe(
      "The heart takes up 56 % of the chest's width.",
    );
  });

  it.each([0.3, 0.5, 0.7])("never calls a heart anything where the ratio is not valid: %d", (value) => {
    const sentence = sentenceOf({ value, valid: false, reason: "An AP film magnifies the heart." });
    expect(sentence).toMatch(/but this film does not allow an assessment of the ratio\.$/);
    expect(sentence).not.toMatch(/enlarged|normal/);
  });

  it("says that nothing could be measured", () => {
    expect(sentenceOf({ value: null, valid: false, reason: "No lungs." })).toBe(
      "The cardiothoracic ratio could not be measured.",
    );
  });

  it("gives millimetres where the file's spacing is known", () => {
    expect(sentenceOf({ heart_mm: 131.6, thorax_mm: 299 })).toContain("width (132 of 299 mm)");
  });
});

describe("lungSentence", () => {
  it.each([0.11, -0.1, 0.19, 0, null])("is silent on lungs of about one size: %s", (asymmetry) => {
    expect(lungSentence(anatomyAnswer({ lung_asymmetry: asymmetry }))).toBeNull();
  });

  it("names the larger lung, from half as large again on", () => {
    // (3 - 2) / (3 + 2) = 0.2 and (1 - 3) / (1 + 3) = -0.5
    expect(lungSentence(anatomyAnswer({ lung_asymmetry: 0.2 }))).toBe(
      "The right lung's outline is 1.5 times as large as the left's.",
    );
    expect(lungSentence(anatomyAnswer({ lung_asymmetry: -0.5 }))).toBe(
      "The left lung's outline is 3.0 times as large as the right's.",
    );
  });
});

it("does not say twice what the ratio's reason says", () => {
  const tilted = { code: "tilted", words: "The chest is tilted by 20 degrees." } as const;
  const apices = { code: "apices_cut", words: "The tops of the lungs are cut off." } as const;
  const ratio = ratioAnswer({ valid: false, reason: `An AP film magnifies the heart. ${tilted.words}` });
  const anatomy = anatomyAnswer({ cardiothoracic_ratio: ratio, quality: [tilted, apices] });
  expect(qualityWords(anatomy)).toEqual([apices.words]);
});
