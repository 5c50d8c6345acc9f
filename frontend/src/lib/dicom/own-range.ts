/** The range of a film's values, by the service's rule (`depth.py`): markers and borders do not count. */
import type { GreyCounts, GreyRange } from "./grey-values";

/** Largest share of the pixels that a letter or a plate of lead covers. */
export const OUTLIERS = 0.01;
/** Outliers lie so many times the others' range away from them. */
const FAR = 3;
/** Largest share that a label or a frame covers, beyond a gap. */
const MOST_BEYOND_A_GAP = 0.1;
/** Largest share beyond a gap that a collimator's border covers: of one value, which no chest is. */
const MOST_OF_ONE_VALUE = 0.5;
const IN_THE_GAP = 0.002;
/** Of the film's range: no smaller step between neighbouring values is where a gap begins. */
const STEP_BEFORE_A_GAP = 0.05;

function at(values: Float64Array, index: number): number {
  return values[index] ?? 0;
}

/** The levels that pixels have in ascending order, and how many have each. */
export function ordered({ levels, counts }: GreyCounts): GreyCounts {
  const present = Array.from(levels.keys()).filter((index) => at(counts, index) > 0);
  const order = present.toSorted((one, other) => at(levels, one) - at(levels, other));
  return {
    levels: Float64Array.from(order, (index) => at(levels, index)),
    counts: Float64Array.from(order, (index) => at(counts, index)),
  };
}

/** How many pixels have each level or one before it. */
function reachedBy(counts: Float64Array): Float64Array {
  let total = 0;
  return counts.map((count) => (total += count));
}

/** The index of the level that a pixel has, the pixels being in order. */
function levelOf(pixel: number, reached: Float64Array): number {
  let [low, high] = [0, reached.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (at(reached, middle) > pixel) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The level that a share of the pixels are under; levels in order. */
export function levelAt(share: number, { levels, counts }: GreyCounts): number {
  const reached = reachedBy(counts);
  const last = at(reached, reached.length - 1) - 1;
  return at(levels, levelOf(Math.floor(last * share + 0.5), reached));
}

/** How many of the last levels are a label or a frame; 0 where there is no gap before them. */
function countBeyondAGap({ levels, counts }: GreyCounts): number {
  const reached = reachedBy(counts);
  const end = levels.length - 1;
  const size = at(reached, end);
  const inGap = Math.floor(IN_THE_GAP * size);
  const first = Math.max(0, Math.ceil((1 - MOST_BEYOND_A_GAP) * size) - 1);
  const last = Math.floor((1 - OUTLIERS) * size);
  const start = at(levels, levelOf(Math.floor(OUTLIERS * size), reached));
  // Distances, so that the order may be either one.
  const reach = levels.map((level) => Math.abs(level - start));
  const ofLast = at(counts, end);
  const isBorder = ofLast > OUTLIERS * size && ofLast <= MOST_OF_ONE_VALUE * size;
  const inside = at(reach, end - 1);
  if (isBorder && inside > 0 && at(reach, end) >= 2 * inside) return 1;
  for (let index = levelOf(first, reached); index <= levelOf(last, reached); index++) {
    // The level of the pixel that comes after as many as may lie in the gap.
    const after = levelOf(Math.min(at(reached, index) - 1, last) + inGap + 1, reached);
    if (after > end) return 0;
    const range = at(reach, index);
    if (range <= 0 || at(reach, after) < 2 * range) continue;
    // The film's own brightest pixels may be as few as those that a gap may have.
    for (let step = index; step < after; step++) {
      if (at(reach, step + 1) - at(reach, step) >= STEP_BEFORE_A_GAP * range) return end - step;
    }
    return end - index;
  }
  return 0;
}

function cut({ levels, counts }: GreyCounts, below: number, above: number): GreyCounts {
  const end = levels.length - above;
  return { levels: levels.subarray(below, end), counts: counts.subarray(below, end) };
}

/** From the lowest to the highest level; without outliers far away, labels and frames beyond a gap. */
export function ownRange(greys: GreyCounts): GreyRange {
  let kept = ordered(greys);
  for (;;) {
    const above = countBeyondAGap(kept);
    const turned = { levels: kept.levels.toReversed(), counts: kept.counts.toReversed() };
    const below = above > 0 ? 0 : countBeyondAGap(turned);
    if (above + below === 0) break;
    kept = cut(kept, below, above);
  }
  const [lowest, highest] = [at(kept.levels, 0), at(kept.levels, kept.levels.length - 1)];
  const [least, most] = [levelAt(OUTLIERS, kept), levelAt(1 - OUTLIERS, kept)];
  const reach = FAR * (most - least);
  if (reach <= 0) return { lowest, highest };
  return {
    lowest: least - lowest > reach ? least : lowest,
    highest: highest - most > reach ? most : highest,
  };
}
