import { describe, expect, it } from "vitest";

import { itemsOf, type Written, written } from "@/lib/testing/dicom-file";

import { parseBytes } from "./data-set";
import type { GreyCounts } from "./grey-values";
import { brightnessOf, transferOf, type WindowPreset } from "./voi-curve";
import { isInverse, voiPresets } from "./voi-presets";

/** A ramp, one pixel for each level. */
function ramp(lowest: number, highest: number): GreyCounts {
  const levels = Float64Array.from({ length: highest - lowest + 1 }, (_, index) => lowest + index);
  return { levels, counts: levels.map(() => 1) };
}

const TWELVE_BITS = ramp(0, 4095);

function presetsIn(greys: GreyCounts, ...elements: Written[]): WindowPreset[] {
  return voiPresets(parseBytes(written(...elements)).dataSet, greys, greys.levels);
}

function presetsOf(...elements: Written[]): WindowPreset[] {
  return presetsIn(TWELVE_BITS, ...elements);
}

function shown(preset: WindowPreset | undefined, value: number): number {
  if (!preset) throw new Error("There is no such preset.");
  return brightnessOf(transferOf(preset.curve, preset.window), value);
}

const WINDOWS: Written[] = [
  ["00281050", "DS", "2048\\1000"],
  ["00281051", "DS", "4096\\401"],
  ["00281055", "LO", "NORMAL\\HARD"],
];

describe("voiPresets", () => {
  it("are the file's windows by their names, then the full range", () => {
    expect(presetsOf(...WINDOWS).map(({ label }) => label)).toEqual(["NORMAL", "HARD", "Full range"]);
  });

  it("are the full range alone where the file has no window", () => {
    const [only, ...others] = presetsOf(["00080060", "CS", "DX"]);
    expect(others).toEqual([]);
    expect([shown(only, 0), shown(only, 4095)]).toEqual([0, 1]);
  });

  it("have the full range first where the file's window would show nothing", () => {
    const labels = presetsOf(["00281050", "DS", "60000"], ["00281051", "DS", "100"]).map(
      ({ label }) => label,
    );
    expect(labels).toEqual(["Full range", "Window 1"]);
  });

  // The service has the same cases (test_voi_choice.py).
  it.each([
    ["2048", "4096", true],
    ["2048", "1100", true],
    ["2048", "1000", false],
    ["1000", "2000", false],
    ["1100", "2000", true],
    ["1100", "2200", true],
    ["128", "256", false],
    ["512", "1024", false],
    ["32768", "65536", false],
    // Of 13 bits, of which the values reach a half; and of 11, above which are half of the values.
    ["4096", "8192", false],
    ["1024", "2048", false],
    // They reach 4095 / 6999 and 4095 / 6799 of it.
    ["3500", "7000", false],
    ["3400", "6800", true],
  ])("have a window of centre %s and width %s first: %s", (centre, width, isFirst) => {
    const [first] = presetsOf(["00281050", "DS", centre], ["00281051", "DS", width]);
    expect(first?.label).toBe(isFirst ? "Window 1" : "Full range");
  });

  it("have the next window first where the first is of another depth", () => {
    const labels = presetsOf(
      ["00281050", "DS", "128\\32768\\2000"],
      ["00281051", "DS", "256\\65536\\3000"],
    ).map(({ label }) => label);
    expect(labels).toEqual(["Window 3", "Window 1", "Window 2", "Full range"]);
  });

  it("have a window first that fits where the VOI LUT does not", () => {
    const lut: Written[] = [
      ["00283002", "US", [256, 0, 8]],
      ["00283006", "OW", Uint8Array.from({ length: 256 }, (_, index) => index)],
    ];
    const labels = presetsOf(...WINDOWS, ["00283010", "SQ", itemsOf(lut)]).map(({ label }) => label);
    expect(labels).toEqual(["NORMAL", "VOI LUT 1", "HARD", "Full range"]);
  });

  it.each([0.01, 0.03, 0.09, 0.4])("leave a label of %f of the film out of the full range", (share) => {
    const levels = Float64Array.from([...TWELVE_BITS.levels, 65535]);
    const counts = levels.map((level) => (level < 65535 ? 100 : Math.round((409_600 * share) / (1 - share))));
    const [full] = presetsIn({ levels, counts }, ["00080060", "CS", "DX"]);
    expect([shown(full, 0), shown(full, 4095)]).toEqual([0, 1]);
  });

  it("leave a marker far above all other levels out of the full range", () => {
    const levels = Float64Array.from([...TWELVE_BITS.levels, 65535]);
    const counts = Float64Array.from({ length: 4097 }, (_, index) => (index < 4096 ? 100 : 200));
    const [full] = presetsIn({ levels, counts }, ["00080060", "CS", "DX"]);
    expect(shown(full, 4095)).toBe(1);
    expect(shown(full, 2047)).toBeCloseTo(0.5, 1);
  });

  it("leave out windows that LINEAR cannot work with", () => {
    expect(presetsOf(["00281050", "DS", "10"], ["00281051", "DS", "0"])).toHaveLength(1);
  });

  it("apply LINEAR as PS3.3 C.11.2.1.2.1 has it", () => {
    const hard = presetsOf(...WINDOWS)[1];
    // From 1000 - 0.5 - 400 / 2 = 799.5 to 1199.5.
    expect([shown(hard, 799), shown(hard, 1200)]).toEqual([0, 1]);
    expect(shown(hard, 899.5)).toBeCloseTo(0.25);
    expect(shown(hard, 1000)).toBeCloseTo((1000 - 999.5) / 400 + 0.5);
  });

  it("apply LINEAR_EXACT from centre less half to centre and half", () => {
    const hard = presetsOf(...WINDOWS, ["00281056", "CS", "LINEAR_EXACT"])[1];
    expect(shown(hard, 1000 + 401 / 4)).toBeCloseTo(0.75);
  });

  it("apply SIGMOID, half at the centre and 1 / (1 + exp(-4)) a width above", () => {
    const hard = presetsOf(...WINDOWS, ["00281056", "CS", "SIGMOID"])[1];
    expect(shown(hard, 1000)).toBeCloseTo(0.5, 4);
    expect(shown(hard, 1401)).toBeCloseTo(1 / (1 + Math.exp(-4)), 4);
  });

  it("have a VOI LUT before any window, each value its entry", () => {
    // Values 100 to 103 are 0, 10, 40 and 255 of 255; what is before and after gets the ends.
    const lut: Written[] = [
      ["00283002", "US", [4, 100, 8]],
      ["00283003", "LO", "CURVE"],
      ["00283006", "OW", new Uint8Array(Uint16Array.of(0, 10, 40, 255).buffer)],
    ];
    const presets = presetsIn(ramp(99, 104), ...WINDOWS, ["00283010", "SQ", itemsOf(lut)]);
    expect(presets.map(({ label }) => label)).toEqual(["CURVE", "NORMAL", "HARD", "Full range"]);
    const levels = [0, 100, 101, 102, 103, 4095].map((value) => shown(presets[0], value));
    [0, 0, 10 / 255, 40 / 255, 1, 1].forEach((level, index) => {
      expect(levels[index]).toBeCloseTo(level, 5);
    });
  });
});

it.each([
  ["MONOCHROME1", null, true],
  ["MONOCHROME2", null, false],
  ["MONOCHROME2", "INVERSE", true],
  ["MONOCHROME1", "INVERSE", true],
  ["MONOCHROME1", "IDENTITY", true],
])("shows %s with shape %s inverted: %s", (photometric, shape, inverse) => {
  const elements: Written[] = [["00280004", "CS", photometric]];
  if (shape !== null) elements.push(["20500020", "CS", shape]);
  expect(isInverse(parseBytes(written(...elements)).dataSet)).toBe(inverse);
});
