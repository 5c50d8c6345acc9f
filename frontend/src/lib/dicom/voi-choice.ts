/** Which of a file's VOI LUTs and windows shows its film, by the service's rule (`voi_choice.py`). */
import type { GreyCounts, GreyRange } from "./grey-values";
import { brightnessOf, transferOf, type WindowPreset } from "./voi-curve";

/** Less than this between a film's darkest and brightest, and nothing is seen on it. */
const BLANK = 1.5 / 255;
const BLACK = 0.01;
const WHITE = 0.99;
const MOST_CLIPPED = 0.75;
/** Where the other end clips next to nothing. */
const MOST_AT_ONE_END = 0.5;
const LEAST_SPREAD = 0.2;
const OUTLIERS = 0.01;
/** Outliers lie so many times the others' range away from them. */
const FAR = 3;

function ends(values: Float64Array): GreyRange {
  return values.reduce(
    ({ lowest, highest }, value) => ({
      lowest: Math.min(lowest, value),
      highest: Math.max(highest, value),
    }),
    { lowest: Infinity, highest: -Infinity },
  );
}

/** The values that a hundredth of the pixels are under, and over. */
function tails(values: Float64Array, weights: Float64Array): GreyRange {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const order = Array.from(values.keys()).toSorted((one, other) => (values[one] ?? 0) - (values[other] ?? 0));
  let [reached, lowest] = [0, null as number | null];
  for (const index of order) {
    reached += (weights[index] ?? 0) / total;
    const value = values[index] ?? 0;
    if (lowest === null && reached >= OUTLIERS) lowest = value;
    if (reached >= 1 - OUTLIERS) return { lowest: lowest ?? value, highest: value };
  }
  return ends(values);
}

/** A film's own range, without outliers such as a marker that lie far from all other levels. */
export function ownRange({ levels, counts }: GreyCounts): GreyRange {
  const { lowest, highest } = ends(levels);
  const most = tails(levels, counts);
  const reach = FAR * (most.highest - most.lowest);
  if (reach <= 0) return { lowest, highest };
  return {
    lowest: most.lowest - lowest > reach ? most.lowest : lowest,
    highest: highest - most.highest > reach ? most.highest : highest,
  };
}

/** Whether a preset shows the film: some are of another depth, and make most of it black or white. */
export function shows({ curve, window }: WindowPreset, { levels, counts }: GreyCounts): boolean {
  const transfer = transferOf(curve, window);
  const shown = levels.map((level) => brightnessOf(transfer, level));
  const brightness = ends(shown);
  if (brightness.highest - brightness.lowest < BLANK) return false;
  // Where the film ends is clipped already, as by a collimator.
  const { lowest, highest } = ends(levels);
  const weights = counts.map((count, index) =>
    levels[index] === lowest || levels[index] === highest ? 0 : count,
  );
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (total === 0) return true;
  const share = (isClipped: (brightness: number) => boolean) =>
    weights.reduce((sum, weight, index) => (isClipped(shown[index] ?? 0) ? sum + weight : sum), 0) / total;
  const [black, white] = [share((at) => at <= BLACK), share((at) => at >= WHITE)];
  const isAtOneEnd = Math.min(black, white) < OUTLIERS && Math.max(black, white) > MOST_AT_ONE_END;
  const seen = tails(shown, weights);
  return black + white <= MOST_CLIPPED && !isAtOneEnd && seen.highest - seen.lowest >= LEAST_SPREAD;
}
