import { expect, it } from "vitest";

import { type Written, written } from "@/lib/testing/dicom-file";

import { parseBytes } from "./data-set";
import { readSpacing } from "./pixel-spacing";

const PIXEL: Written = ["00280030", "DS", "0.2\\0.1"];
const IMAGER: Written = ["00181164", "DS", "0.15\\0.15"];

function spacingOf(...elements: Written[]) {
  return readSpacing(parseBytes(written(...elements)).dataSet);
}

it("takes rows first, then columns, as the standard writes them", () => {
  expect(spacingOf(PIXEL)).toEqual({ rowMm: 0.2, columnMm: 0.1, origin: "unstated" });
});

it.each(["FIDUCIAL", "GEOMETRY"])("says that %s spacing is calibrated", (type) => {
  expect(spacingOf(PIXEL, ["00280a02", "CS", type])?.origin).toBe("calibrated");
});

it("tells by Imager Pixel Spacing whether Pixel Spacing was calibrated", () => {
  expect(spacingOf(PIXEL, IMAGER)).toEqual({ rowMm: 0.2, columnMm: 0.1, origin: "calibrated" });
  expect(spacingOf(["00280030", "DS", "0.15\\0.15"], IMAGER)?.origin).toBe("detector");
});

it("takes the magnification out of the detector's spacing, where the file has it", () => {
  expect(spacingOf(IMAGER)).toEqual({ rowMm: 0.15, columnMm: 0.15, origin: "detector" });
  const corrected = spacingOf(IMAGER, ["00181114", "DS", "1.25"]);
  expect(corrected?.rowMm).toBeCloseTo(0.12);
  expect(corrected?.origin).toBe("corrected");
  expect(spacingOf(IMAGER, ["00181114", "DS", "0.5"])?.origin).toBe("detector");
});

it.each(["0\\0", "-1\\1", "0.1", "", "a\\b"])("has none where the file writes %j", (value) => {
  expect(spacingOf(["00280030", "DS", value])).toBeNull();
});
