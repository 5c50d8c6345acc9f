import { expect, it } from "vitest";

import { fullRange, type WindowPreset } from "@/lib/dicom/voi-curve";

import { keyOfPreset, ownPreset, presetShown } from "./window-presets";

const own: WindowPreset[] = Array.from({ length: 9 }, (_, index) => ({
  label: `W${index + 1}`,
  window: { centre: 100 * index, width: 50 },
  curve: { kind: "linear" },
}));
const full = fullRange(0, 4095);

it("have the keys from 2 on, and the full range 9, wherever it stands", () => {
  const keys = [...own, full].map((preset) => keyOfPreset([...own, full], preset));
  expect(keys).toEqual(["2", "3", "4", "5", "6", "7", "8", null, null, "9"]);
  expect(ownPreset({ presets: [full, ...own] }, 1)?.label).toBe("W1");
});

it("tell which of them is shown, and none once the window was changed", () => {
  const presets = [...own, full];
  expect(presetShown(presets, { centre: 200, width: 50 }, { kind: "linear" })).toBe(2);
  expect(presetShown(presets, { centre: 200, width: 51 }, { kind: "linear" })).toBe(-1);
  // The same numbers by another curve are another preset.
  expect(presetShown(presets, { centre: 200, width: 50 }, { kind: "sigmoid" })).toBe(-1);
});
