/** What a model's curves say of one threshold. */
import type { Curves } from "@/lib/api/types";

function nearest<Point>(points: readonly Point[], distance: (point: Point) => number): Point | null {
  let best: Point | null = null;
  for (const point of points) if (best === null || distance(point) < distance(best)) best = point;
  return best;
}

/** The measured point of the ROC curve whose threshold is nearest. */
export function rocAt(roc: Curves["roc"], threshold: number) {
  return nearest(roc, (point) => Math.abs(point.threshold - threshold));
}

/** The point of the precision-recall curve whose recall is nearest. */
export function precisionAt(points: Curves["precision_recall"], recall: number) {
  return nearest(points, (point) => Math.abs(point.recall - recall));
}

/** The net benefit measured nearest to a threshold. */
export function benefitAt(decision: Curves["decision"], threshold: number) {
  return nearest(decision, (point) => Math.abs(point.threshold - threshold));
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}

/** The share of radiographs with the finding, in [0, 1]. */
export function prevalenceOf({ positive, negative }: Curves["histogram"]): number {
  const positives = sum(positive);
  return positives / Math.max(positives + sum(negative), 1);
}

/** Each count as a share of all. */
export function sharesOf(counts: readonly number[]): number[] {
  const total = Math.max(sum(counts), 1);
  return counts.map((count) => count / total);
}

/** Of the standard normal distribution: 95 % lie within so many deviations of its middle. */
const Z95 = 1.959964;

/** The 95 % interval of a share that was observed in `count` cases (Wilson, 1927), in [0, 1]. */
export function wilsonInterval(share: number, count: number): readonly [number, number] {
  const weight = Z95 ** 2 / count;
  const middle = (share + weight / 2) / (1 + weight);
  const half = Math.sqrt(share * (1 - share) * weight + weight ** 2 / 4) / (1 + weight);
  return [Math.max(middle - half, 0), Math.min(middle + half, 1)];
}

interface PredictiveValues {
  /** Share of positive readings that are right; null where none is positive. */
  readonly positive: number | null;
  /** Share of negative readings that are right; null where none is negative. */
  readonly negative: number | null;
}

/** Predictive values by Bayes' rule, from shares in [0, 1]. */
export function predictiveValues(
  sensitivity: number,
  specificity: number,
  prevalence: number,
): PredictiveValues {
  const truePositive = sensitivity * prevalence;
  const falsePositive = (1 - specificity) * (1 - prevalence);
  const trueNegative = specificity * (1 - prevalence);
  const falseNegative = (1 - sensitivity) * prevalence;
  const share = (right: number, wrong: number) => (right + wrong > 0 ? right / (right + wrong) : null);
  return { positive: share(truePositive, falsePositive), negative: share(trueNegative, falseNegative) };
}
