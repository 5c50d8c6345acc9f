/** PALETTE COLOR (PS3.3 C.7.6.3.1.5) to grey. */
import type { DataSet } from "./data-set";
import type { Values } from "./grey-values";
import { words } from "./elements";
import { isDepth, type Lut, readLut } from "./lut";

/** ITU-R BT.601, as the service takes luminance. */
export const BT601 = [0.299, 0.587, 0.114] as const;

/** Part of a table's entries above what its descriptor names, from which these bits are meant. */
const LEAST_WIDE = 0.25;

const steps = ({ entries }: Lut) => Array.from(entries.slice(1), (each, at) => each - (entries[at] ?? 0));

function range(values: ArrayLike<number>): [number, number] {
  let [lowest, highest] = [Infinity, -Infinity];
  for (const each of Array.from(values)) {
    lowest = Math.min(lowest, each);
    highest = Math.max(highest, each);
  }
  return [lowest, highest];
}

function isMonotonic(lut: Lut): boolean {
  const found = steps(lut);
  return found.every((each) => each >= 0) || found.every((each) => each <= 0);
}

/** Whether entries go from what has the named bits to what is above, in small steps. */
function isWideRamp(lut: Lut, top: number): boolean {
  const [lowest, highest] = range(lut.entries);
  const [down, up] = range(steps(lut));
  const isSmooth = 2 * Math.max(-down, up) <= highest - lowest;
  const wide = lut.entries.filter((each) => each > top).length;
  return lowest <= top && isSmooth && wide >= LEAST_WIDE * lut.entries.length;
}

/** Makes of a table's words what its entries mean, of which `top` is the highest by name. */
function inBits(lut: Lut, bits: number, isWide: boolean): Lut {
  const top = 2 ** bits - 1;
  if (!isDepth(bits) || lut.top === top) return lut;
  // Entries of 8 bits in words: some writers put them in the high bytes.
  if (bits === 8 && lut.entries.every((each) => (each & top) === 0)) {
    return { ...lut, top, entries: lut.entries.map((each) => each >> bits) };
  }
  return isWide ? lut : { ...lut, top, entries: lut.entries.map((each) => each & top) };
}

/** The three tables, in [0, 255], of the bits that the service takes them to have. */
function channels(dataSet: DataSet) {
  const stored = [1, 2, 3].map((n) => {
    const lut = readLut(dataSet, `x0028110${n}`, `x0028120${n}`);
    if (lut === null) throw new Error("The file's palette is missing, or of a kind that is not drawn.");
    return { lut, bits: words(dataSet, `x0028110${n}`)[2] ?? 0 };
  });
  const isWide =
    stored.every(({ lut }) => isMonotonic(lut)) &&
    stored.some(({ lut, bits }) => isWideRamp(lut, 2 ** bits - 1));
  return stored.map(({ lut, bits }) => {
    const { first, entries, top } = inBits(lut, bits, isWide);
    return { first, levels: Float64Array.from(entries, (each) => (each * 255) / top) };
  });
}

/**
 * The luminance of each pixel, in [0, 255].
 *
 * @throws The palette is segmented or missing.
 */
export function paletteLuminance(dataSet: DataSet, indices: Values): Uint8Array {
  const tables = channels(dataSet);
  const grey = new Uint8Array(indices.length);
  for (let pixel = 0; pixel < indices.length; pixel++) {
    let sum = 0;
    tables.forEach(({ first, levels }, colour) => {
      const at = Math.min(Math.max((indices[pixel] ?? 0) - first, 0), levels.length - 1);
      sum += (BT601[colour] ?? 0) * (levels[at] ?? 0);
    });
    grey[pixel] = Math.round(sum);
  }
  return grey;
}
