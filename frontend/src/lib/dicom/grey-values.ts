/** Stored values to those of the modality, in the standard's order (PS3.4 N.2). */
import type { DataSet } from "./data-set";
import { items, numbers, text, word } from "./elements";
import { firstFor, lookUp, readLut } from "./lut";

export type Words = Uint8Array | Uint16Array;
export type Values = Words | Int8Array | Int16Array | Int32Array | Float32Array;

export interface Bits {
  readonly allocated: number;
  readonly stored: number;
  readonly high: number;
  readonly isSigned: boolean;
}

export interface GreyRange {
  readonly lowest: number;
  readonly highest: number;
}

const MODALITY_LUT_SEQUENCE = "x00283000";
const RESCALE_INTERCEPT = "x00281052";
const RESCALE_SLOPE = "x00281053";
/** Largest share of the pixels that a modality LUT has no entries for. */
const MOST_BEYOND_A_LUT = 0.5;
/** The same of one that is for all values of so many bits. */
const MOST_BEYOND_A_DEPTH = 0.1;
const PIXEL_PADDING_VALUE = "x00280120";
const PIXEL_PADDING_RANGE_LIMIT = "x00280121";

/** The bits of a value in its word (PS3.3 C.7.6.3); what cannot be is made up for, as the service does. */
export function readBits(dataSet: DataSet): Bits {
  const allocated = word(dataSet, "x00280100") ?? 16;
  const claimed = word(dataSet, "x00280101") ?? 0;
  const stored = claimed > 0 && claimed <= allocated ? claimed : allocated;
  const high = word(dataSet, "x00280102") ?? -1;
  const isPossible = stored <= high + 1 && high + 1 <= allocated;
  return {
    allocated,
    stored,
    high: isPossible ? high : stored - 1,
    isSigned: word(dataSet, "x00280103") === 1,
  };
}

/** Cuts the values out of their words (PS3.5 8.1.1); an overlay beside them is masked off. */
export function storedValues(words: Words, { allocated, stored, high, isSigned }: Bits): Values {
  if (!isSigned && stored === allocated) return words;
  const down = high + 1 - stored;
  const values = isSigned ? new Int16Array(words.length) : new Uint16Array(words.length);
  const up = 32 - stored;
  for (let index = 0; index < words.length; index++) {
    const shifted = ((words[index] ?? 0) >> down) << up;
    values[index] = isSigned ? shifted >> up : shifted >>> up;
  }
  return values;
}

export function rangeIn(values: Values, isLeftOut: (value: number) => boolean = () => false): GreyRange {
  let [lowest, highest] = [Infinity, -Infinity];
  for (const value of values) {
    if ((value < lowest || value > highest) && !isLeftOut(value)) {
      lowest = Math.min(lowest, value);
      highest = Math.max(highest, value);
    }
  }
  return lowest <= highest ? { lowest, highest } : { lowest: 0, highest: 0 };
}

/** Tells values that only pad the picture to a rectangle (PS3.3 C.7.5.1.1.2). */
export function paddingOf(dataSet: DataSet, isSigned: boolean): (stored: number) => boolean {
  const sign = (value: number) => (isSigned && value >= 1 << 15 ? value - (1 << 16) : value);
  const value = word(dataSet, PIXEL_PADDING_VALUE);
  if (value === null) return () => false;
  const ends = [sign(value), sign(word(dataSet, PIXEL_PADDING_RANGE_LIMIT) ?? value)];
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  return (stored) => stored >= low && stored <= high;
}

/** A film's grey levels in the modality's units, and how many of its pixels have each; no padding. */
export interface GreyCounts {
  readonly levels: Float64Array;
  readonly counts: Float64Array;
}

/** Counts a film's stored values; those of its padding only where there are no others. */
export function countValues(
  stored: Values,
  { lowest, highest }: GreyRange,
  isLeftOut: (stored: number) => boolean,
): GreyCounts {
  const counted = new Float64Array(highest - lowest + 1);
  for (const value of stored) counted[value - lowest] = (counted[value - lowest] ?? 0) + 1;
  const present = Array.from(counted.keys(), (index) => index + lowest).filter(
    (value) => counted[value - lowest],
  );
  const ofInterest = present.filter((value) => !isLeftOut(value));
  const kept = ofInterest.length > 0 ? ofInterest : present;
  return {
    levels: Float64Array.from(kept),
    counts: Float64Array.from(kept, (value) => counted[value - lowest] ?? 0),
  };
}

function mapped<Result extends Values>(into: Result, values: Values, of: (value: number) => number): Result {
  // Not by `from`, which takes ten times as long over the millions of a film.
  for (let index = 0; index < values.length; index++) into[index] = of(values[index] ?? 0);
  return into;
}

/** The darkest and the brightest level. */
export function endsOf(levels: Float64Array): GreyRange {
  return levels.reduce(
    ({ lowest, highest }, level) => ({
      lowest: Math.min(lowest, level),
      highest: Math.max(highest, level),
    }),
    { lowest: Infinity, highest: -Infinity },
  );
}

/** Counts no pixels of a film's darkest and brightest level, where it is clipped already. */
export function withoutEnds(levels: Float64Array, counts: Float64Array): Float64Array {
  const { lowest, highest } = endsOf(levels.filter((_, index) => counts[index]));
  return counts.map((count, index) => (levels[index] === lowest || levels[index] === highest ? 0 : count));
}

/** All values that Bits Stored can hold. */
export function possibleValues({ stored, isSigned }: Bits): GreyRange {
  const count = 2 ** stored;
  const lowest = isSigned ? -count / 2 : 0;
  return { lowest, highest: lowest + count - 1 };
}

export interface Modality {
  readonly values: Values;
  /** Of one stored value. */
  readonly of: (stored: number) => number;
  /** Rescale Type, the values' unit, where the file names one. */
  readonly unit: string;
}

/** A modality LUT that has entries for the film's values; one for fewer bits has not. */
function fittingLut(
  dataSet: DataSet,
  { levels, counts }: GreyCounts,
  { lowest, highest }: GreyRange,
): ((stored: number) => number) | null {
  const [item] = items(dataSet, MODALITY_LUT_SEQUENCE);
  const lut = item ? readLut(item) : null;
  if (!lut) return null;
  const first = firstFor(lut, lowest, highest);
  const weights = withoutEnds(levels, counts);
  let [beyond, total] = [0, 0];
  for (const [index, weight] of weights.entries()) {
    const at = (levels[index] ?? 0) - first;
    total += weight;
    if (at < 0 || at >= lut.entries.length) beyond += weight;
  }
  const isOfADepth = first === 0 && Number.isInteger(Math.log2(lut.entries.length));
  return beyond > (isOfADepth ? MOST_BEYOND_A_DEPTH : MOST_BEYOND_A_LUT) * total
    ? null
    : (value) => lookUp(lut, first, value);
}

/** Applies the Modality LUT Sequence, else rescale slope and intercept (PS3.3 C.11.1). */
export function applyModality(
  dataSet: DataSet,
  stored: Values,
  counted: GreyCounts,
  possible: GreyRange,
): Modality {
  const rescaleType = text(dataSet, "x00281054");
  // US stands for unspecified, not for a unit.
  const unit = rescaleType === "US" ? "" : rescaleType;
  const lookedUp = fittingLut(dataSet, counted, possible);
  if (lookedUp) {
    return { values: mapped(new Uint16Array(stored.length), stored, lookedUp), of: lookedUp, unit };
  }
  // A slope of zero would leave no picture: it is a mistake.
  const slope = numbers(dataSet, RESCALE_SLOPE)[0] || 1;
  const intercept = numbers(dataSet, RESCALE_INTERCEPT)[0] ?? 0;
  const of = (value: number) => value * slope + intercept;
  if (slope === 1 && intercept === 0) return { values: stored, of, unit };
  const { lowest, highest } = rangeIn(stored);
  const ends = [of(lowest), of(highest)];
  const isWhole = Number.isInteger(slope) && Number.isInteger(intercept);
  const fits = isWhole && Math.min(...ends) >= -(1 << 15) && Math.max(...ends) < 1 << 15;
  const room = fits ? new Int16Array(stored.length) : new Float32Array(stored.length);
  return { values: mapped<Values>(room, stored, of), of, unit };
}
