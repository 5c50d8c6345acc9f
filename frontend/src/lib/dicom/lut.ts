/** Look-up tables, as the Modality and VOI LUT modules hold them (PS3.3 C.11.1.1, C.11.2.1.1). */
import type { DataSet } from "./data-set";
import { text, words } from "./elements";

export interface Lut {
  /** First value mapped. */
  readonly first: number;
  readonly entries: Uint16Array;
  /** Highest value that an entry may have. */
  readonly top: number;
  readonly explanation: string;
}

const DESCRIPTOR = "x00283002";
const EXPLANATION = "x00283003";
const DATA = "x00283006";
/** Bits that an entry may have. */
export const isDepth = (bits: number) => bits >= 8 && bits <= 16;

/** Entries in words of sixteen bits, or two of eight to a word, the first in its low byte. */
function entriesOf(item: DataSet, data: string, count: number): Uint16Array {
  const found = words(item, data);
  const length = item.elements[data]?.length ?? 0;
  if (count > 1 && (length === count || length === count + 1)) {
    return Uint16Array.from({ length: count }, (_, index) => {
      const both = found[index >> 1] ?? 0;
      return index % 2 === 0 ? both & 0xff : both >> 8;
    });
  }
  return Uint16Array.from(found.slice(0, count));
}

/** Reads an item of a LUT sequence, or a table of a palette; null where it makes no sense. */
export function readLut(item: DataSet, descriptor = DESCRIPTOR, data = DATA): Lut | null {
  const [count, first, bits] = words(item, descriptor);
  if (count === undefined || first === undefined || bits === undefined) return null;
  // 65,536 does not fit in sixteen bits and is written as 0.
  const entries = entriesOf(item, data, count === 0 ? 1 << 16 : count);
  if (entries.length < 2) return null;
  const highest = entries.reduce((most, each) => Math.max(most, each), 0);
  const needed = Math.max(1, Math.ceil(Math.log2(highest + 1)));
  // Bits that the entries do not fit in are a mistake.
  const used = Math.max(isDepth(bits) ? bits : 1, needed);
  return { first, entries, top: 2 ** used - 1, explanation: text(item, EXPLANATION) };
}

/**
 * The first value mapped, with a sign where the inputs have one, else without.
 *
 * Writers mix up the two, since the representation depends on Pixel Representation.
 */
export function firstFor(lut: Lut, lowest: number, highest: number): number {
  return lowest < 0 && lut.first > highest && lut.first >= 1 << 15 ? lut.first - (1 << 16) : lut.first;
}

/** What is before the first value or past the last gets that one's entry. */
export function lookUp(lut: Lut, first: number, value: number): number {
  const index = Math.min(Math.max(Math.floor(value - first), 0), lut.entries.length - 1);
  return lut.entries[index] ?? 0;
}
