/** PALETTE COLOR (PS3.3 C.7.6.3.1.5) to grey. */
import type { DataSet } from "./data-set";
import type { Values } from "./grey-values";
import { readPaletteLut } from "./lut";

/** ITU-R BT.601, as the service takes luminance. */
export const BT601 = [0.299, 0.587, 0.114] as const;

/** One colour's table, in [0, 255]. */
function channel(dataSet: DataSet, descriptor: string, data: string) {
  const lut = readPaletteLut(dataSet, descriptor, data);
  if (lut === null) throw new Error("The file's palette is missing, or of a kind that is not drawn.");
  return { first: lut.first, levels: Float64Array.from(lut.entries, (each) => (each * 255) / lut.top) };
}

/**
 * The luminance of each pixel, in [0, 255].
 *
 * @throws The palette is segmented or missing.
 */
export function paletteLuminance(dataSet: DataSet, indices: Values): Uint8Array {
  const channels = [1, 2, 3].map((n) => channel(dataSet, `x0028110${n}`, `x0028120${n}`));
  const grey = new Uint8Array(indices.length);
  for (let pixel = 0; pixel < indices.length; pixel++) {
    let sum = 0;
    channels.forEach(({ first, levels }, colour) => {
      const at = Math.min(Math.max((indices[pixel] ?? 0) - first, 0), levels.length - 1);
      sum += (BT601[colour] ?? 0) * (levels[at] ?? 0);
    });
    grey[pixel] = Math.round(sum);
  }
  return grey;
}
