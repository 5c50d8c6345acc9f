/** PALETTE COLOR (PS3.3 C.7.6.3.1.5) to grey. */
import type { DataSet } from "./data-set";
import { words } from "./elements";
import type { Values } from "./grey-values";

/** ITU-R BT.601, as the service takes luminance. */
export const BT601 = [0.299, 0.587, 0.114] as const;

/** One colour's table, in [0, 255]. */
function channel(dataSet: DataSet, descriptor: string, data: string) {
  const [count, first, bits] = words(dataSet, descriptor);
  const found = words(dataSet, data);
  if (count === undefined || first === undefined || found.length < 2) {
    throw new Error("The file's palette is missing, or of a kind that is not drawn.");
  }
  const scale = 255 / (bits === 8 && found.every((each) => each < 256) ? 255 : 65_535);
  return { first, levels: found.map((each) => each * scale) };
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
