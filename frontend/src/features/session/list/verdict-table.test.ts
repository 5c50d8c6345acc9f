import { describe, expect, it } from "vitest";

import { fourFindingsAnswer } from "@/lib/testing/four-findings";
import { verdict } from "@/lib/testing/answers";
import { twoModelsAnswer } from "@/lib/testing/two-models";
import { VERDICTS } from "@/lib/testing/verdict-table";

import { newEntry } from "../store/new-entry";
import { readingsCsv } from "./readings-csv";
import { stateWords } from "./state-words";

describe.each(VERDICTS)("a verdict: $name", ({ told, answer }) => {
  const state = { kind: "done", answer, readAt: new Date(0) } as const;

  it("is said by the list in the server's few words, and in the code's tone", () => {
    expect(stateWords(state)).toMatchObject({ words: told.short, tone: told.code });
  });

  it("is in the CSV by code, headline and cautions", () => {
    const entry = { ...newEntry("a", new File(["x"], "a.jpg")), state };
    const [names = "", cells = ""] = readingsCsv([entry]).split("\r\n");
    // No cell up to these holds a comma within its quotes.
    const at = (column: string) => cells.split(",")[names.split(",").indexOf(column)];
    expect(at("decision")).toBe(`"${told.decision}"`);
    expect(at("verdict")).toBe(`"${told.code}"`);
    expect(at("verdict_words")).toBe(`"${told.headline}"`);
    const codes = told.cautions.map(({ code }) => code).join("; ");
    expect(at("cautions")).toBe(`"${codes}"`);
  });
});

describe("several verdicts", () => {
  const answer = fourFindingsAnswer();
  const wordsOf = (verdicts: typeof answer.verdicts) =>
    stateWords({ kind: "done", answer: { ...answer, verdicts }, readAt: new Date(0) });

  it("are all in the list, in the tone of the most relevant one", () => {
    const { words, tone, verdict } = wordsOf(answer.verdicts);
    expect(words.replaceAll("\u00a0", " ")).toBe(
      "Present: nodule 45 %, mass 60 %; Uncertain: pleural effusion 44 %; Not assessed: pneumothorax",
    );
    expect([tone, verdict]).toEqual(["positive", "positive"]);
  });

  it("are told by model where several read, in the tone of the most relevant one", () => {
    const film = twoModelsAnswer();
    const negative = film.readings.map((reading) => ({
      ...reading,
      verdicts: [verdict({ decision: "negative", code: "negative" })],
    }));
    const answer = { ...film, readings: negative, verdicts: [verdict({ code: "negative" })] };
    const answers = [film, answer].map((each) =>
      stateWords({ kind: "done", answer: each, readAt: new Date(0) }),
    );
    expect(answers[0]?.words).toMatch(
      /^Present: nodule.* \(four\); Signs of pneumonia, 90\s% \(pneumonia\)$/,
    );
    expect(answers.map(({ tone }) => tone)).toEqual(["positive", "negative"]);
  });

  it("are said once where none is reliable for the same reason", () => {
    const short = "Not reliable: unsuitable image";
    const forced = answer.verdicts.map((each) => ({
      ...each,
      code: "forced" as const,
      reliable: false,
      short,
    }));
    expect(wordsOf(forced)).toMatchObject({ words: short, tone: "forced" });
  });
});
