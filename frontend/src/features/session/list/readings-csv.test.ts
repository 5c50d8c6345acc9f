import { describe, expect, it } from "vitest";

import { NoAnswerError, problemFrom } from "@/lib/api/problem";
import { fourFindingsAnswer } from "@/lib/testing/four-findings";
import { twoModelsAnswer } from "@/lib/testing/two-models";
import { anatomyAnswer } from "@/lib/testing/anatomy-answers";
import { NOT_A_CHEST, problem, readingAnswer, suitability } from "@/lib/testing/answers";

import type { Entry, EntryState } from "../store/entry";
import { csvCell, readingsCsv } from "./readings-csv";

function entry(name: string, state: EntryState): Entry {
  return {
    id: name,
    file: new File(["x"], name),
    fileKind: "jpeg",
    facts: null,
    pictureUrl: null,
    state,
    isForced: false,
    isTurned: false,
    thumbnailUrl: null,
    earlier: null,
  };
}

describe("csvCell", () => {
  it.each(["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\r=x", " =1", "|calc"])(
    "keeps a spreadsheet from running %j",
    (text) => {
      expect(csvCell(text)).toBe(`"'${text}"`);
    },
  );

  it("doubles quotes, and leaves commas and line ends inside", () => {
    expect(csvCell('a "b", c\nd')).toBe('"a ""b"", c\nd"');
  });

  it("writes numbers bare, negative ones too, and nothing for nothing", () => {
    expect([csvCell(0.25), csvCell(-3), csvCell(null)]).toEqual(["0.25", "-3", ""]);
  });
});

describe("readingsCsv", () => {
  const readAt = new Date("2026-11-21T10:00:00Z");
  const done = readingAnswer({ bacterial: 0.7, viral: 0.2, decision: "positive" });
  const lines = readingsCsv([
    entry('=cmd|"x".jpg', { kind: "done", answer: done, readAt }),
    entry("notes.txt", { kind: "failed", error: problemFrom(415, problem("unsupported-format", 415), null) }),
    entry("lost.jpg", { kind: "failed", error: new NoAnswerError("x") }),
  ]).split("\r\n");

  it("has a line for each file under one header", () => {
    expect(lines).toHaveLength(5);
    expect(lines[0]).toContain(
      "file_name,state,problem,problem_reasons,mark,read_at,decision,result,verdict,verdict_words,cautions,normal_probability",
    );
    expect(lines[0]).toContain("pneumonia_operating_point");
    expect(lines[4]).toBe("");
  });

  it("says which pictures were turned, and why sides are uncertain", () => {
    const sides = { certain: false, reasons: [{ code: "looks_mirrored" as const, words: "Mirrored?" }] };
    const image = { ...done.image, turned_degrees: 180, sides };
    const csv = readingsCsv([entry("a.jpg", { kind: "done", answer: { ...done, image }, readAt })]);
    const [names, cells] = csv.split("\r\n").map((line) => line.split(","));
    const at = (name: string) => cells?.[(names?.indexOf(name) ?? NaN) - (names?.length ?? 0) + cells.length];
    expect(at("image_turned_degrees")).toBe("180");
    expect(at("sides_certain")).toBe('"false"');
    expect(at("sides_reasons")).toBe('"looks_mirrored"');
  });

  it("gives a reading's figures and who read it", () => {
    expect(lines[1]).toMatch(/^"'=cmd\|""x"".jpg","done",,,,"2026-11-21T10:00:00.000Z","positive",/);
    expect(lines[1]).toContain(",0.52,");
    expect(lines[1]).toContain('"2026.11.1"');
  });

  it("says why the others were not read", () => {
    expect(lines[2]).toMatch(/^"notes.txt","failed","unsupported-format",,,,/);
    expect(lines[3]).toMatch(/^"lost.jpg","failed","no-answer",,,,/);
  });

  it("gives the ratio, whether it is valid, and the film's quality by its codes", () => {
    const words = "Cut off.";
    const anatomy = anatomyAnswer({
      quality: [
        { code: "apices_cut", words },
        { code: "bases_cut", words },
      ],
    });
    const answer = { ...done, anatomy };
    const csv = readingsCsv([entry("a.jpg", { kind: "done", answer, readAt })]);
    expect(csv).toContain(",cardiothoracic_ratio,ratio_valid,anatomy_quality,");
    expect(csv).toContain(',0.44,"true","apices_cut; bases_cut",');
    expect(lines[1]).toMatch(/,,,,"pneumonia","2026/);
  });

  /** The cells of a session's only line by their column. */
  function cellsOf(state: EntryState): Record<string, string> {
    const [names = "", cells = ""] = readingsCsv([entry("a.jpg", state)]).split("\r\n");
    // No cell in these tests holds a comma within its quotes.
    const values = cells.split(",");
    return Object.fromEntries(names.split(",").map((name, index) => [name, values[index] ?? ""]));
  }

  it("gives the set with its coverage and zone, and the operating point with what it is worth", () => {
    expect(cellsOf({ kind: "done", answer: done, readAt })).toMatchObject({
      prediction_set: '"pneumonia"',
      coverage: "0.95",
      uncertain_from: "0.31",
      uncertain_to: "0.624",
      operating_point: "0.52",
      operating_point_criterion: '"largest sensitivity + specificity - 1 (Youden)"',
      operating_point_sensitivity: "0.971",
      operating_point_specificity: "0.944",
    });
  });

  it("tells a set of both, an empty one, and none at all apart", () => {
    const setOf = (set: typeof done.prediction_set, coverage: number | null) =>
      cellsOf({ kind: "done", answer: { ...done, prediction_set: set, coverage }, readAt }).prediction_set;
    expect(setOf(["normal", "pneumonia"], 0.95)).toBe('"normal; pneumonia"');
    expect(setOf([], 0.95)).toBe('"none"');
    expect(setOf(null, null)).toBe("");
  });

  it("marks a reading that was asked for although the picture is not suitable", () => {
    const forced = suitability({
      suitable: false,
      forced: true,
      reasons: [NOT_A_CHEST],
      notes: [{ code: "inverted", words: "Bone was dark." }],
      population: { intended: false, words: "The header says 54 years." },
    });
    expect(cellsOf({ kind: "done", answer: { ...done, suitability: forced }, readAt })).toMatchObject({
      mark: '"This image failed the suitability check and was processed on request. No lungs can be made out in this picture."',
      suitable: '"false"',
      forced: '"true"',
      suitability_reasons: '"not_a_chest"',
      suitability_notes: '"inverted"',
      population_intended: '"false"',
      population_words: '"The header says 54 years."',
    });
    expect(cellsOf({ kind: "done", answer: done, readAt })).toMatchObject({
      mark: "",
      suitable: '"true"',
      forced: '"false"',
      population_intended: "",
    });
  });

  it("gives a refusal's reasons by their codes", () => {
    const reasons = [NOT_A_CHEST, { code: "colour", words: "It is in colour." }];
    const error = problemFrom(422, problem("unsuitable-radiograph", 422, { reasons }), null);
    expect(cellsOf({ kind: "failed", error })).toMatchObject({
      problem: '"unsuitable-radiograph"',
      problem_reasons: '"not_a_chest; colour"',
      mark: "",
    });
  });

  it("gives every decision where there are several, by code, and no column for them where there is one", () => {
    expect(cellsOf({ kind: "done", answer: fourFindingsAnswer(), readAt })).toMatchObject({
      decision: '"uncertain"',
      result: "",
      mass_probability: "0.6",
      mass_operating_point: "0.5",
      mass_decision: '"positive"',
      mass_verdict: '"positive"',
      pneumothorax_decision: '"positive"',
      pneumothorax_verdict: '"not_assessed"',
    });
    expect(lines[0]).not.toContain("pneumonia_decision");
  });

  it("has a line for each model that read a film, with that model's decision", () => {
    const state = { kind: "done", answer: twoModelsAnswer(), readAt } as const;
    const [names = "", ...rows] = readingsCsv([entry("a.jpg", state)])
      .trimEnd()
      .split("\r\n");
    const columns = ["file_name", "decision", "verdict"].map((name) => names.split(",").indexOf(name));
    expect(rows.map((row) => columns.map((at) => row.split(",")[at]))).toEqual([
      ['"a.jpg"', '"uncertain"', '"uncertain"'],
      ['"a.jpg"', '"positive"', '"positive"'],
    ]);
    expect(rows.map((row) => /"(four|pneumonia)",/.exec(row)?.[1])).toEqual(["four", "pneumonia"]);
  });
});
