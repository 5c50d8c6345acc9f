/** A file's own ways to be shown: its VOI LUTs and windows (PS3.3 C.11.2), and its full range. */
import type { DataSet } from "./data-set";
import { code, items, numbers, strings } from "./elements";
import type { GreyRange } from "./grey-values";
import { firstFor, type Lut, readLut } from "./lut";
import { brightnessOf, fullRange, transferOf, type VoiCurve, type WindowPreset } from "./voi-curve";

const WINDOW_CENTER = "x00281050";
const WINDOW_WIDTH = "x00281051";
const WINDOW_EXPLANATION = "x00281055";
const VOI_LUT_FUNCTION = "x00281056";
const VOI_LUT_SEQUENCE = "x00283010";

/** Less than this between a film's darkest and brightest, and nothing is seen on it. */
const BLANK = 1.5 / 255;

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

function isBlank({ curve, window }: WindowPreset, { lowest, highest }: GreyRange): boolean {
  const transfer = transferOf(curve, window);
  const steps = Array.from({ length: 257 }, (_, step) => lowest + ((highest - lowest) * step) / 256);
  const shown = steps.map((value) => brightnessOf(transfer, value));
  return Math.max(...shown) - Math.min(...shown) < BLANK;
}

/**
 * What can be chosen from; the first is what the service reads with.
 *
 * VOI LUTs go before windows, and a film's own range, without its padding, comes last; it is the
 * first where the file has none of them, or where its first would show nothing.
 */
export function voiPresets(dataSet: DataSet, shown: GreyRange, all: GreyRange = shown): WindowPreset[] {
  const luts = items(dataSet, VOI_LUT_SEQUENCE).flatMap((item) => readLut(item) ?? []);
  const own = [...luts.map((lut, index) => lutPreset(lut, index, all)), ...windowPresets(dataSet)];
  const full = fullRange(shown.lowest, shown.highest);
  const [first] = own;
  return first && isBlank(first, all) ? [full, ...own] : [...own, full];
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
