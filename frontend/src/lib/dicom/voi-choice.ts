/** Which of a file's VOI LUTs and windows shows its film, by the service's rule (`voi_choice.py`). */
import { endsOf, type GreyCounts, withoutEnds } from "./grey-values";
import { levelAt, ordered, OUTLIERS } from "./own-range";
import { brightnessOf, transferOf, type WindowPreset } from "./voi-curve";

/** Less than this between a film's darkest and brightest, and nothing is seen on it. */
const BLANK = 1.5 / 255;
const BLACK = 0.01;
const WHITE = 0.99;
const MOST_CLIPPED = 0.75;
/** Where the other end clips next to nothing. */
const MOST_AT_ONE_END = 0.5;
const LEAST_SPREAD = 0.2;
/** Smallest share of a window that the values of Bits Stored reach. Half of one of a bit more. */
const LEAST_REACHED = 0.6;
/** A window that is the whole range of so many bits says of which depth the film is. */
const MOST_ABOVE_A_DEPTH = 0.1;
const LEAST_REACHED_OF_A_DEPTH = 0.9;
const FEWEST_BITS = 8;
const MOST_BITS = 16;

/** Whether a window is the range from 0 of a number of bits, give or take one. */
function isOfADepth({ curve, window: { centre, width } }: WindowPreset): boolean {
  const bits = Math.round(Math.log2(width));
  const isDepth = bits >= FEWEST_BITS && bits <= MOST_BITS && curve.kind !== "table";
  return isDepth && Math.abs(width - 2 ** bits) <= 1 && Math.abs(centre - 2 ** (bits - 1)) <= 1;
}

/** From the darkest to the brightest that a preset makes of the values that it is made for. */
function spanOf({ curve }: WindowPreset): number {
  if (curve.kind === "table") return spread(Float64Array.from(curve.shares));
  // A sigmoid has no ends: from a half of its width below the centre to a half above.
  return curve.kind === "sigmoid" ? Math.tanh(1) : 1;
}

function spread(values: Float64Array): number {
  const { lowest, highest } = endsOf(values);
  return highest - lowest;
}

/**
 * Whether a preset shows the film: some are of another depth, and make most of it black or white.
 *
 * @param possible All levels that Bits Stored can hold.
 */
export function shows(preset: WindowPreset, { levels, counts }: GreyCounts, possible: Float64Array): boolean {
  const transfer = transferOf(preset.curve, preset.window);
  const brightness = (level: number) => brightnessOf(transfer, level);
  const shown = levels.map(brightness);
  if (spread(shown) < BLANK) return false;
  const isNamed = isOfADepth(preset);
  const reached = spread(possible.map(brightness)) / spanOf(preset);
  if (reached < (isNamed ? LEAST_REACHED_OF_A_DEPTH : LEAST_REACHED)) return false;
  // Where the film ends is clipped already, as by a collimator.
  const weights = withoutEnds(levels, counts);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (total === 0) return true;
  const share = (isClipped: (brightness: number) => boolean) =>
    weights.reduce((sum, weight, index) => (isClipped(shown[index] ?? 0) ? sum + weight : sum), 0) / total;
  const [black, white] = [share((value) => value <= BLACK), share((value) => value >= WHITE)];
  if (isNamed && white > MOST_ABOVE_A_DEPTH) return false;
  const isAtOneEnd = Math.min(black, white) < OUTLIERS && Math.max(black, white) > MOST_AT_ONE_END;
  if (black + white > MOST_CLIPPED || isAtOneEnd) return false;
  const seen = ordered({ levels: shown, counts: weights });
  return levelAt(1 - OUTLIERS, seen) - levelAt(OUTLIERS, seen) >= LEAST_SPREAD;
}
