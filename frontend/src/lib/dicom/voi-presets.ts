/** A file's own ways to be shown: its VOI LUTs and windows (PS3.3 C.11.2), and its full range. */
import type { DataSet } from "./data-set";
import { code, items, numbers, strings } from "./elements";
import { endsOf, type GreyCounts, type GreyRange } from "./grey-values";
import { firstFor, type Lut, readLut } from "./lut";
import { ownRange } from "./own-range";
import { shows } from "./voi-choice";
import { fullRange, type VoiCurve, type WindowPreset } from "./voi-curve";

const WINDOW_CENTER = "x00281050";
const WINDOW_WIDTH = "x00281051";
const WINDOW_EXPLANATION = "x00281055";
const VOI_LUT_FUNCTION = "x00281056";
const VOI_LUT_SEQUENCE = "x00283010";

function curveOf(dataSet: DataSet): VoiCurve {
  const named = code(dataSet, VOI_LUT_FUNCTION);
  if (named === "SIGMOID") return { kind: "sigmoid" };
  return { kind: named === "LINEAR_EXACT" ? "linear_exact" : "linear" };
}

function windowPresets(dataSet: DataSet): WindowPreset[] {
  const curve = curveOf(dataSet);
  const widths = numbers(dataSet, WINDOW_WIDTH);
  const explained = strings(dataSet, WINDOW_EXPLANATION);
  return numbers(dataSet, WINDOW_CENTER).flatMap((centre, index) => {
    const width = widths[index];
    // Narrower than one, LINEAR has no sense (C.11.2.1.2.1).
    const isUsable = width !== undefined && (curve.kind === "linear" ? width >= 1 : width > 0);
    if (!isUsable) return [];
    return [{ label: explained[index] || `Window ${index + 1}`, window: { centre, width }, curve }];
  });
}

function lutPreset(lut: Lut, index: number, { lowest, highest }: GreyRange): WindowPreset {
  const first = firstFor(lut, lowest, highest);
  const width = lut.entries.length - 1;
  const shares = Float32Array.from(lut.entries, (entry) => entry / lut.top);
  return {
    label: lut.explanation || `VOI LUT ${index + 1}`,
    window: { centre: first + width / 2, width },
    curve: { kind: "table", shares },
  };
}

/**
 * What can be chosen from; the first is what the service reads with.
 *
 * VOI LUTs go before windows, and a film's own range comes last. The first of the file's own that
 * shows the film comes first; where none of them does, its range.
 *
 * @param possible All levels that Bits Stored can hold.
 */
export function voiPresets(dataSet: DataSet, greys: GreyCounts, possible: Float64Array): WindowPreset[] {
  const luts = items(dataSet, VOI_LUT_SEQUENCE).flatMap((item) => readLut(item) ?? []);
  const all = endsOf(possible);
  const own = [...luts.map((lut, index) => lutPreset(lut, index, all)), ...windowPresets(dataSet)];
  const { lowest, highest } = ownRange(greys);
  const full = fullRange(lowest, highest);
  const first = own.find((preset) => shows(preset, greys, possible));
  return first ? [first, ...own.filter((preset) => preset !== first), full] : [full, ...own];
}

/**
 * Whether low values are white: MONOCHROME1 (PS3.3 C.7.6.3.1.2) or Presentation LUT Shape INVERSE.
 *
 * Once, not twice, where a file says both, as the standard asks it to (C.8.11.3).
 */
export function isInverse(dataSet: DataSet): boolean {
  const isMonochrome1 = code(dataSet, "x00280004") === "MONOCHROME1";
  return isMonochrome1 || code(dataSet, "x20500020") === "INVERSE";
}
