import { readFileSync } from "node:fs";

import { expect, it } from "vitest";

import { type Written, written } from "@/lib/testing/dicom-file";

import { parseBytes } from "./data-set";
import { readSpacing } from "./pixel-spacing";

interface Case {
  readonly says: string;
  readonly elements: Readonly<Record<string, string>>;
  readonly row_mm: number | null;
  readonly column_mm: number | null;
  readonly origin: string | null;
}

/** Those of the service's own test, so that a film measures the same in both. */
const CASES = JSON.parse(
  readFileSync(`${import.meta.dirname}/../../../../tests/imaging/spacing_cases.json`, "utf8"),
) as readonly Case[];

const TAGS: Readonly<Record<string, readonly [tag: string, vr: string]>> = {
  PixelSpacing: ["00280030", "DS"],
  PixelSpacingCalibrationType: ["00280a02", "CS"],
  ImagerPixelSpacing: ["00181164", "DS"],
  EstimatedRadiographicMagnificationFactor: ["00181114", "DS"],
  DistanceSourceToDetector: ["00181110", "DS"],
  DistanceSourceToPatient: ["00181111", "DS"],
  NominalScannedPixelSpacing: ["00182010", "DS"],
};

function spacingOf(...elements: Written[]) {
  return readSpacing(parseBytes(written(...elements)).dataSet);
}

it.each(CASES)("$says", ({ elements, row_mm, column_mm, origin }) => {
  const found = spacingOf(
    ...Object.entries(elements).map(([name, value]): Written => {
      const [tag, vr] = TAGS[name] ?? [];
      if (tag === undefined || vr === undefined) throw new Error(`There is no tag for ${name}.`);
      return [tag, vr, value];
    }),
  );
  if (row_mm === null || column_mm === null) {
    expect(found).toBeNull();
    return;
  }
  expect(found?.rowMm).toBeCloseTo(row_mm, 6);
  expect(found?.columnMm).toBeCloseTo(column_mm, 6);
  expect(found?.origin).toBe(origin);
});

it.each(["-1\\1", "0.1", "", "a\\b"])("has none where the file writes %j", (value) => {
  expect(spacingOf(["00280030", "DS", value])).toBeNull();
});
