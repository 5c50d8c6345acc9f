/** The sentences that say what a threshold gives. */
import type { Curves } from "@/lib/api/types";
import { plainPercent, wholePercent } from "@/lib/format/figures";

import { predictiveValues, rocAt } from "./at-threshold";

/** Sensitivity and specificity of a threshold; null where there is no curve. */
export function thresholdSentence(roc: Curves["roc"], threshold: number, finding: string): string | null {
  const point = rocAt(roc, threshold);
  if (!point) return null;
  return `At a threshold of ${plainPercent(threshold)}, sensitivity for ${finding} is ${wholePercent(point.sensitivity)} and specificity ${wholePercent(point.specificity)}.`;
}

/** Predictive values of a threshold at a prevalence; null where there is no curve. */
export function prevalenceSentence(
  roc: Curves["roc"],
  threshold: number,
  prevalence: number,
  finding: string,
): string | null {
  const point = rocAt(roc, threshold);
  if (!point) return null;
  const { positive, negative } = predictiveValues(point.sensitivity, point.specificity, prevalence);
  const positiveWords =
    positive === null
      ? "no decision is positive"
      : `the positive predictive value is ${wholePercent(positive)}`;
  const negativeWords =
    negative === null
      ? "no decision is negative"
      : `the negative predictive value is ${wholePercent(negative)}`;
  return `Where the prevalence of ${finding} is ${plainPercent(prevalence)}, ${positiveWords} and ${negativeWords}.`;
}
