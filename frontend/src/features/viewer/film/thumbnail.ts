import { brightnessOf, transferOf } from "@/lib/dicom/voi-curve";

import type { FilmView } from "./film-view";

/** Twice the pixels of its place on the list. */
const SIDE_PX = 88;
/** Values that are averaged for a pixel, in either direction. */
const SAMPLES = 3;

/** The middle of a film as it is shown at first, row by row: brightness from 0 to 1. */
export function thumbnailLevels(view: FilmView, side: number): Float32Array {
  const { columns, rows } = view.picture;
  const across = Math.min(columns, rows);
  const [left, top] = [(columns - across) / 2, (rows - across) / 2];
  const [{ curve, window }] = view.presets;
  const transfer = transferOf(curve, window);
  const isInverse = view.facts.isInverse !== view.isReadInverted();
  const fine = side * SAMPLES;
  const levels = new Float32Array(side * side);
  for (let row = 0; row < fine; row++) {
    for (let column = 0; column < fine; column++) {
      const value = view.valueAt([
        left + ((column + 0.5) / fine) * across,
        top + ((row + 0.5) / fine) * across,
      ]);
      const shown = value === null ? 0 : brightnessOf(transfer, value);
      const at = Math.floor(row / SAMPLES) * side + Math.floor(column / SAMPLES);
      levels[at] = (levels[at] ?? 0) + (isInverse ? 1 - shown : shown) / SAMPLES ** 2;
    }
  }
  return levels;
}

/** A small picture of a film, as a data URL. */
export function thumbnailOf(view: FilmView): string | null {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [SIDE_PX, SIDE_PX];
  const context = canvas.getContext("2d");
  if (!context) return null;
  const image = context.createImageData(SIDE_PX, SIDE_PX);
  thumbnailLevels(view, SIDE_PX).forEach((level, index) => {
    image.data.fill(Math.round(255 * level), 4 * index, 4 * index + 3);
    image.data[4 * index + 3] = 255;
  });
  context.putImageData(image, 0, 0);
  return canvas.toDataURL();
}
