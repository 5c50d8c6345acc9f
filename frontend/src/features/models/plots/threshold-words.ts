/** The sentences that say what a threshold means for patients. */
import type { Curves } from "@/lib/api/types";
import { plainPercent, wholePercent } from "@/lib/format/figures";

import { predictiveValues, rocAt } from "./at-threshold";

/** Sensitivity and specificity of a threshold; null where there is no curve. */
export function thresholdSentence(roc: Curves["roc"], threshold: number): string | null {
  const point = rocAt(roc, threshold);
  if (!point) return null;
  return `From ${plainPercent(threshold)} on called pneumonia, the model finds ${wholePercent(point.sensitivity)} of those with pneumonia and clears ${wholePercent(point.specificity)} of those without.`;
}

/** Predictive values of a threshold where the finding is so common; null where there is no curve. */
export function prevalenceSentence(roc: Curves["roc"], threshold: number, prevalence: number): string | null {
  const point = rocAt(roc, threshold);
  if (!point) return null;
  const { positive, negative } = predictiveValues(point.sensitivity, point.specificity, prevalence);
  const positiveWords =
    positive === null ? "no reading is positive" : `a positive reading is right in ${wholePercent(positive)}`;
  const negativeWords =
    negative === null ? "no reading is negative" : `a negative one in ${wholePercent(negative)}`;
  return `Where ${plainPercent(prevalence)} have pneumonia, ${positiveWords}, ${negativeWords}.`;
}
