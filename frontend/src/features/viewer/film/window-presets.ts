import { FULL_RANGE, type GreyWindow, type VoiCurve, type WindowPreset } from "@/lib/dicom/voi-curve";

import type { FilmView } from "./film-view";

export function isFullRange({ label, curve }: WindowPreset): boolean {
  return label === FULL_RANGE && curve.kind === "linear_exact";
}

/** The file's own windows and LUTs, counted from one. */
export function ownPreset({ presets }: Pick<FilmView, "presets">, number: number): WindowPreset | undefined {
  return presets.filter((preset) => !isFullRange(preset))[number - 1];
}

/** The key of a preset; the later ones of many have none. */
export function keyOfPreset(presets: readonly WindowPreset[], preset: WindowPreset): string | null {
  if (isFullRange(preset)) return "9";
  const key = 2 + presets.filter((each) => !isFullRange(each)).indexOf(preset);
  return key <= 8 ? String(key) : null;
}

/** Which of the presets is shown; -1 where a person has chosen a window of their own. */
export function presetShown(presets: readonly WindowPreset[], window: GreyWindow, curve: VoiCurve): number {
  return presets.findIndex(
    (preset) =>
      preset.curve.kind === curve.kind &&
      preset.window.centre === window.centre &&
      preset.window.width === window.width,
  );
}
