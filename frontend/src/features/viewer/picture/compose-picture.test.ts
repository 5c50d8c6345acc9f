import { describe, expect, it } from "vitest";

import { evidenceInFocus } from "@/features/evidence";
import { fourFindingsAnswer } from "@/lib/testing/four-findings";
import { NOT_A_CHEST, readingAnswer, suitability } from "@/lib/testing/answers";
import { evidenceAnswer } from "@/lib/testing/evidence-answers";
import { twoModelsAnswer } from "@/lib/testing/two-models";

import { linesOf } from "./compose-picture";
import { pictureFileName, pictureWords } from "./picture-words";

const evidence = evidenceAnswer({
  warnings: [
    { code: "forced", message: "Read by force." },
    { code: "whole_picture", message: "The whole picture was read." },
  ],
});
const answer = { ...readingAnswer({ bacterial: 0.7, viral: 0.2, decision: "positive" }), evidence };
const inFocus = evidenceInFocus(answer, { model: null, finding: null });

describe("linesOf", () => {
  it("breaks words where a line is full, one of them a line at the least", () => {
    const ofLetters = (line: string) => line.length;
    expect(linesOf("one two three fourteen", 8, ofLetters)).toEqual(["one two", "three", "fourteen"]);
    expect(linesOf("incomprehensible", 4, ofLetters)).toEqual(["incomprehensible"]);
  });
});

describe("pictureWords", () => {
  it("begin with the notice, the model and its version, and warn of the evidence", () => {
    const words = pictureWords(answer, inFocus, { shown: new Set(["evidence"]) });
    expect(words[0]).toBe(
      "For research and education. Not a medical device: a person decides. Hilum, model pneumonia 2026.11.1.",
    );
    expect(words).toContain(
      "The evidence lies mainly in the right lower zone (62 %) and in the heart shadow and lung behind it (31 %).",
    );
    expect(words).toContain("The whole picture was read.");
  });

  it("leave the evidence out where none is shown, but never the mark of a forced reading", () => {
    const forced = suitability({ suitable: false, forced: true, reasons: [NOT_A_CHEST] });
    const words = pictureWords({ ...answer, suitability: forced }, inFocus, { shown: new Set(["lungs"]) });
    expect(words).toContain(
      `This image failed the suitability check and was processed on request. ${NOT_A_CHEST.words}`,
    );
    expect(words.join()).not.toContain("evidence");
    const withHeat = pictureWords({ ...answer, suitability: forced }, inFocus, {
      shown: new Set(["contours"]),
    });
    expect(withHeat.filter((line) => line.includes("force"))).toEqual([]);
  });

  it("say that the film was turned, and that its sides are uncertain", () => {
    const sides = {
      certain: false,
      reasons: [{ code: "header_disagrees" as const, words: "They disagree." }],
    };
    const image = { ...answer.image, turned_degrees: 90, sides };
    const words = pictureWords({ ...answer, image }, null, { shown: new Set() });
    expect(words).toContain("The picture was turned by 90° clockwise before reading, as requested.");
    expect(words).toContain("The patient's sides are uncertain, so no side is named. They disagree.");
  });

  it("carry every decision where there are several", () => {
    const line = pictureWords(fourFindingsAnswer(), null, { shown: new Set() }).at(-1);
    expect(line?.replaceAll("\u00a0", " ")).toBe(
      "Signs of nodule and mass. Sentence of nodule. Present: nodule 45 %, mass 60 %; Uncertain: pleural effusion 44 %; Not assessed: pneumothorax.",
    );
  });

  it("name each model that read, what it decided, and the evidence of the one that is looked at", () => {
    const film = twoModelsAnswer();
    const ofFurther = evidenceInFocus(film, { model: "pneumonia@2026.11.1", finding: "pneumonia" });
    const lines = pictureWords(film, ofFurther, { shown: new Set(["evidence"]) });
    expect(lines[0]).toMatch(/models four 1\.0\.0, pneumonia 2026\.11\.1\.$/);
    expect(lines[1]).toMatch(/^four: Signs of nodule and mass\..* pneumonia: Signs of pneumonia\./);
    expect(lines[2]).toBe("The evidence lies mainly in the heart shadow and lung behind it (80 %).");
  });

  it("say of a film without a reading that it was not read", () => {
    expect(pictureWords(null, null, { shown: new Set() })[0]).toMatch(/Not a medical device.*Not read/);
  });
});

it("names no file after the patient's", () => {
  expect(pictureFileName(answer)).toBe("hilum-pneumonia-cdcdcdcd.png");
});
