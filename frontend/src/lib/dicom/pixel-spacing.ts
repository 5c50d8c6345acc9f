/** How far apart the pixels are, and where that was measured (PS3.3 10.7.1). */
import type { DataSet } from "./data-set";
import { code, numbers } from "./elements";

export type SpacingOrigin = "calibrated" | "detector" | "corrected" | "film" | "unstated";

export interface Spacing {
  /** From row to row. */
  readonly rowMm: number;
  /** From column to column. */
  readonly columnMm: number;
  readonly origin: SpacingOrigin;
}

const PIXEL_SPACING = "x00280030";
const CALIBRATION_TYPE = "x00280a02";
const IMAGER_PIXEL_SPACING = "x00181164";
const MAGNIFICATION = "x00181114";
const NOMINAL_SCANNED_PIXEL_SPACING = "x00182010";

/** A length's plane, as a reader must know it: the body lies before the detector. */
export const SPACING_WORDS: Readonly<Record<SpacingOrigin, string>> = {
  calibrated: "calibrated",
  detector: "at the detector",
  corrected: "corrected for magnification",
  film: "on the scanned film",
  unstated: "plane not stated",
};

function pair(dataSet: DataSet, tag: string): readonly [number, number] | null {
  const [row, column, ...more] = numbers(dataSet, tag);
  if (row === undefined || column === undefined || more.length > 0) return null;
  return row > 0 && column > 0 ? [row, column] : null;
}

function originOfPixelSpacing(dataSet: DataSet, spacing: readonly [number, number]): SpacingOrigin {
  const type = code(dataSet, CALIBRATION_TYPE);
  if (type === "FIDUCIAL" || type === "GEOMETRY") return "calibrated";
  const imager = pair(dataSet, IMAGER_PIXEL_SPACING);
  if (!imager) return "unstated";
  // The same in both says that nothing was calibrated (PS3.3 10.7.1.3).
  return imager.every((each, index) => each === spacing[index]) ? "detector" : "calibrated";
}

/** Pixel Spacing goes first; Imager Pixel Spacing is divided by the magnification, where known. */
export function readSpacing(dataSet: DataSet): Spacing | null {
  const pixel = pair(dataSet, PIXEL_SPACING);
  if (pixel) return { rowMm: pixel[0], columnMm: pixel[1], origin: originOfPixelSpacing(dataSet, pixel) };
  const imager = pair(dataSet, IMAGER_PIXEL_SPACING);
  if (imager) {
    const [magnification = 0] = numbers(dataSet, MAGNIFICATION);
    const isKnown = magnification >= 1;
    const times = isKnown ? magnification : 1;
    return {
      rowMm: imager[0] / times,
      columnMm: imager[1] / times,
      origin: isKnown ? "corrected" : "detector",
    };
  }
  const film = pair(dataSet, NOMINAL_SCANNED_PIXEL_SPACING);
  return film && { rowMm: film[0], columnMm: film[1], origin: "film" };
}
