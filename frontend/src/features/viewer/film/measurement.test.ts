import { expect, it } from "vitest";

import { angleWords, lengthWords } from "./measurement";

it("says a length in millimetres, and in which plane they hold", () => {
  const spacing = { rowMm: 0.2, columnMm: 0.2, origin: "detector" } as const;
  expect(lengthWords(59.96, spacing)).toEqual(["60.0 mm", "at the detector"]);
  expect(lengthWords(59.96, { ...spacing, origin: "calibrated" })).toEqual(["60.0 mm", "calibrated"]);
});

it("says pixels where the file states no spacing", () => {
  expect(lengthWords(412.4, null)).toEqual(["412 px", "no spacing in the file"]);
});

it("says an angle in degrees", () => {
  expect(angleWords(44.96)).toEqual(["45.0°"]);
});
