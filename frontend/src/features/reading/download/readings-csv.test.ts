import { describe, expect, it } from "vitest";

import { NoAnswerError, problemFrom } from "@/lib/api/problem";
import { anatomyAnswer, problem, readingAnswer } from "@/lib/testing/answers";

import type { Entry, EntryState } from "../session/entry";
import { csvCell, readingsCsv } from "./readings-csv";

function entry(name: string, state: EntryState): Entry {
  return { id: name, file: new File(["x"], name), fileKind: "jpeg", pictureUrl: null, state };
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
    expect(lines[0]).toContain("file_name,state,problem,read_at,decision,result,normal_probability");
    expect(lines[0]).toContain("pneumonia_operating_point");
    expect(lines[4]).toBe("");
  });

  it("gives a reading's figures and who read it", () => {
    expect(lines[1]).toMatch(/^"'=cmd\|""x"".jpg","done",,"2026-11-21T10:00:00.000Z","positive",/);
    expect(lines[1]).toContain(",0.52,");
    expect(lines[1]).toContain('"2026.11.1"');
  });

  it("says why the others were not read", () => {
    expect(lines[2]).toMatch(/^"notes.txt","failed","unsupported-format",,/);
    expect(lines[3]).toMatch(/^"lost.jpg","failed","no-answer",,/);
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
    expect(lines[1]).toMatch(/,0.52,,,,"pneumonia",/);
  });
});
