import { describe, expect, it } from "vitest";

import { itemsOf, type Written, written } from "@/lib/testing/dicom-file";

import { parseBytes } from "./data-set";
import { applyModality, countValues, paddingOf, rangeIn, readBits, storedValues } from "./grey-values";

function dataSetOf(...elements: Written[]) {
  return parseBytes(written(...elements)).dataSet;
}

describe("storedValues", () => {
  it("masks an overlay off in the bits above", () => {
    const bits = { allocated: 16, stored: 12, high: 11, isSigned: false };
    expect([...storedValues(Uint16Array.of(0xf123, 0x0fff, 0x1000), bits)]).toEqual([0x123, 0xfff, 0]);
  });

  it("shifts values down that do not start at the lowest bit", () => {
    const bits = { allocated: 16, stored: 12, high: 15, isSigned: false };
    expect([...storedValues(Uint16Array.of(0x123f), bits)]).toEqual([0x123]);
  });

  it("carries a sign over", () => {
    const bits = { allocated: 16, stored: 12, high: 11, isSigned: true };
    // 0xfff is -1 in twelve bits, 0x800 is -2048.
    expect([...storedValues(Uint16Array.of(0x0fff, 0x0800, 0x07ff), bits)]).toEqual([-1, -2048, 2047]);
  });

  it("makes up for bits that cannot be", () => {
    const bits = readBits(
      dataSetOf(["00280100", "US", [16]], ["00280101", "US", [20]], ["00280102", "US", [3]]),
    );
    expect(bits).toEqual({ allocated: 16, stored: 16, high: 15, isSigned: false });
  });
});

it("leaves padding out of the range, one value or from one to another", () => {
  const values = Uint16Array.of(0, 7, 100, 900, 65_535);
  const one = paddingOf(dataSetOf(["00280120", "US", [0]]), false);
  expect(rangeIn(values, one)).toEqual({ lowest: 7, highest: 65_535 });
  const span = paddingOf(dataSetOf(["00280120", "US", [901]], ["00280121", "US", [65_535]]), false);
  expect(rangeIn(values, span)).toEqual({ lowest: 0, highest: 900 });
});

describe("applyModality", () => {
  const stored = Uint16Array.of(0, 1, 2, 1000);
  const possible = { lowest: 0, highest: 65_535 };
  const counted = countValues(stored, rangeIn(stored), () => false);
  const apply = (...elements: Written[]) => applyModality(dataSetOf(...elements), stored, counted, possible);

  it("rescales, in whole numbers where slope and intercept are whole", () => {
    const whole = apply(["00281052", "DS", "-10"], ["00281053", "DS", "2"]);
    expect([...whole.values]).toEqual([-10, -8, -6, 1990]);
    expect(whole.values).toBeInstanceOf(Int16Array);
    const half = apply(["00281053", "DS", "0.5"]);
    expect([...half.values]).toEqual([0, 0.5, 1, 500]);
  });

  it("looks values up in a modality LUT, which goes before a rescale", () => {
    const lut: Written[] = [
      ["00283002", "US", [3, 1, 16]],
      ["00283006", "OW", new Uint8Array(Uint16Array.of(50, 60, 70).buffer)],
    ];
    const looked = apply(["00283000", "SQ", itemsOf(lut)], ["00281053", "DS", "9"]);
    expect([...looked.values]).toEqual([50, 50, 60, 70]);
  });

  it("leaves out a modality LUT without entries for more than a tenth of the values", () => {
    // 0 and 1000 are where the film ends; of 1 and 2, the table has 1 alone.
    const lut: Written[] = [
      ["00283002", "US", [2, 0, 16]],
      ["00283006", "OW", new Uint8Array(Uint16Array.of(50, 60).buffer)],
    ];
    const kept = apply(["00283000", "SQ", itemsOf(lut)], ["00281053", "DS", "9"]);
    expect([...kept.values]).toEqual([0, 9, 18, 9000]);
  });

  it("takes a slope of zero for a mistake", () => {
    expect([...apply(["00281053", "DS", "0"]).values]).toEqual([...stored]);
  });
});
