import { describe, expect, it } from "vitest";

import { parseBytes } from "@/lib/dicom/data-set";
import { itemsOf, type Written, written } from "@/lib/testing/dicom-file";

import { ageWords } from "./header-facts";
import { headerRows, matchingRows } from "./header-rows";

const NAME = "Lindqvist^Josephine";
const FILE: Written[] = [
  ["00080005", "CS", "ISO_IR 192"],
  ["00080060", "CS", "DX"],
  ["00080080", "LO", "St. Elsewhere"],
  ["00080050", "SH", "A-99"],
  ["00080020", "DA", "20240229"],
  ["00090010", "LO", "MAKER"],
  ["00091001", "LO", NAME],
  ["00100010", "PN", NAME],
  ["00100020", "LO", "MRN-4711"],
  ["00101010", "AS", "003Y"],
  ["00280010", "US", [2500]],
  ["00400275", "SQ", itemsOf([["00400007", "LO", "for Josephine"]])],
  [
    "00540220",
    "SQ",
    itemsOf([
      ["00080100", "SH", "399348003"],
      ["00080104", "LO", "antero-posterior"],
    ]),
  ],
];
const { dataSet } = parseBytes(written(...FILE));
const hidden = headerRows(dataSet, { withPatient: false });
const shown = headerRows(dataSet, { withPatient: true });

function valueOf(rows: typeof hidden, tag: string) {
  return rows.find((row) => row.tag === tag)?.value;
}

describe("headerRows", () => {
  it("hold nothing that tells who was examined, until asked for", () => {
    const words = JSON.stringify(hidden);
    for (const identity of [NAME, "MRN", "Elsewhere", "A-99", "20240229", "Josephine", "MAKER"]) {
      expect(words).not.toContain(identity);
    }
    expect(valueOf(hidden, "(0010,0010)")).toBeNull();
  });

  it("hold it when asked for", () => {
    expect(valueOf(shown, "(0010,0010)")).toBe(NAME);
    expect(valueOf(shown, "(0040,0007)")).toBe("for Josephine");
    expect(shown.every(({ value }) => value !== null)).toBe(true);
  });

  it("show what a reader needs at once", () => {
    expect(valueOf(hidden, "(0008,0060)")).toBe("DX");
    expect(valueOf(hidden, "(0028,0010)")).toBe("2500");
    expect(valueOf(hidden, "(0010,1010)")).toBe("003Y");
  });

  it("name attributes as the standard does, and mark a maker's own", () => {
    const name = shown.find(({ tag }) => tag === "(0010,0010)");
    expect([name?.name, name?.vr, name?.isPrivate]).toEqual(["Patient's Name", "PN", false]);
    expect(shown.find(({ tag }) => tag === "(0009,1001)")?.isPrivate).toBe(true);
  });

  it("follow a sequence by what is in it, a step further in", () => {
    const at = shown.findIndex(({ tag }) => tag === "(0054,0220)");
    expect(shown.slice(at, at + 3).map(({ tag, depth, value }) => [tag, depth, value])).toEqual([
      ["(0054,0220)", 0, "1 item"],
      ["(0008,0100)", 1, "399348003"],
      ["(0008,0104)", 1, "antero-posterior"],
    ]);
  });

  it("read text in its own character set", () => {
    const utf8 = new TextEncoder().encode("Müller^Jörg ");
    const file = written(["00080005", "CS", "ISO_IR 192"], ["00100010", "PN", utf8]);
    expect(valueOf(headerRows(parseBytes(file).dataSet, { withPatient: true }), "(0010,0010)")).toBe(
      "Müller^Jörg",
    );
  });
});

describe("matchingRows", () => {
  it("are found by tag, name or value, with the sequence that they are in", () => {
    expect(matchingRows(hidden, "postero").map(({ tag }) => tag)).toEqual([]);
    expect(matchingRows(hidden, "antero").map(({ tag }) => tag)).toEqual(["(0054,0220)", "(0008,0104)"]);
    expect(matchingRows(hidden, "00280010").map(({ name }) => name)).toEqual(["Rows"]);
  });

  it("are not found by what is hidden", () => {
    expect(matchingRows(hidden, "jane")).toEqual([]);
  });
});

it.each([
  ["003Y", "3 years"],
  ["001D", "1 day"],
  ["018M", "18 months"],
  ["", null],
  ["3Y", "3 years"],
  [" 34y ", "34 years"],
  ["411Y", null],
  ["34", null],
  ["0034Y", null],
])("has %j as %j", (age, words) => {
  expect(ageWords(age)).toBe(words);
});
