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
const SOURCE_TO_DETECTOR = "x00181110";
const SOURCE_TO_PATIENT = "x00181111";
const NOMINAL_SCANNED_PIXEL_SPACING = "x00182010";

const CALIBRATED: ReadonlySet<string> = new Set(["FIDUCIAL", "GEOMETRY"]);

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

/** More is a distance in other units, or one that was not set: the body lies near the detector. */
const MOST_MAGNIFIED = 3;

function isPossible(magnification: number): boolean {
  return magnification >= 1 && magnification <= MOST_MAGNIFIED;
}

/** The estimated factor, else the ratio of the two distances from the source; null where unknown. */
function magnificationOf(dataSet: DataSet): number | null {
  const [estimated = 0] = numbers(dataSet, MAGNIFICATION);
  if (isPossible(estimated)) return estimated;
  const [detector = 0] = numbers(dataSet, SOURCE_TO_DETECTOR);
  const [patient = 0] = numbers(dataSet, SOURCE_TO_PATIENT);
  return patient > 0 && isPossible(detector / patient) ? detector / patient : null;
}

/**
 * Reads the spacing, as the service does (`spacing.py`).
 *
 * Pixel Spacing goes first. Where that is the detector's own, the same as Imager Pixel Spacing and
 * not said to be calibrated, or where there is Imager Pixel Spacing alone, the magnification is
 * taken out, where known.
 */
export function readSpacing(dataSet: DataSet): Spacing | null {
  const [pixel, imager] = [pair(dataSet, PIXEL_SPACING), pair(dataSet, IMAGER_PIXEL_SPACING)];
  const isCalibrated = CALIBRATED.has(code(dataSet, CALIBRATION_TYPE) ?? "");
  const isOther = imager !== null && pixel?.some((each, index) => each !== imager[index]);
  if (pixel && (isCalibrated || isOther)) return spacing(pixel, "calibrated");
  if (imager) {
    const magnification = magnificationOf(dataSet);
    if (magnification === null) return spacing(imager, "detector");
    return spacing([imager[0] / magnification, imager[1] / magnification], "corrected");
  }
  if (pixel) return spacing(pixel, "unstated");
  const film = pair(dataSet, NOMINAL_SCANNED_PIXEL_SPACING);
  return film && spacing(film, "film");
}

function spacing([rowMm, columnMm]: readonly [number, number], origin: SpacingOrigin): Spacing {
  return { rowMm, columnMm, origin };
}
