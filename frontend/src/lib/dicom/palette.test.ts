import { expect, it } from "vitest";

import { type Written, written } from "@/lib/testing/dicom-file";

import { parseBytes } from "./data-set";
import { paletteLuminance } from "./palette";

/** Three tables of the same greys. */
function shown(descriptor: number[], table: number[], indices: number[]): number[] {
  const elements = [1, 2, 3].map((n): Written => [`0028110${n}`, "US", descriptor]);
  const tables = [1, 2, 3].map((n): Written => [`0028120${n}`, "US", table]);
  return [
    ...paletteLuminance(parseBytes(written(...elements, ...tables)).dataSet, Uint16Array.from(indices)),
  ];
}

// The service has the same cases (test_palette.py).
it.each([
  ["words of sixteen bits", [4, 0, 16], [0, 0x5555, 0xaaaa, 0xffff]],
  ["bytes, two to a word", [4, 0, 8], [0x5500, 0xffaa]],
  ["entries of 8 bits in words", [4, 0, 8], [0, 0x55, 0xaa, 0xff]],
  ["these with something above them", [4, 0, 8], [0x5a00, 0x5855, 0x4eaa, 0x41ff]],
  ["words of sixteen bits that it says have 8", [4, 0, 8], [0, 0x5555, 0xaaaa, 0xffff]],
  ["these with 12", [4, 0, 12], [0, 0x5555, 0xaaaa, 0xffff]],
  ["8 bits with the same above", [4, 0, 8], [0xff00, 0xff55, 0xffaa, 0xffff]],
  ["8 bits with their sign above", [4, 0, 8], [0, 0x55, 0xffaa, 0xffff]],
  ["these in the high bytes", [4, 0, 8], [0, 0x5500, 0xaa00, 0xff00]],
])("reads a palette of %s", (_, descriptor, table) => {
  expect(shown(descriptor, table, [0, 1, 2, 3, 9])).toEqual([0, 85, 170, 255, 255]);
});
