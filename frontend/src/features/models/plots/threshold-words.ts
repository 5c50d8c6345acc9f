/** The sentences that say what a threshold gives. */
import type { Curves } from "@/lib/api/types";
import { plainPercent, wholePercent } from "@/lib/format/figures";

import { say } from "@/lib/words/catalogue";

import { predictiveValues, rocAt } from "./at-threshold";

/** Sensitivity and specificity of a threshold; null where there is no curve. */
export function thresholdSentence(roc: Curves["roc"], threshold: number, finding: string): string | null {
  const point = rocAt(roc, threshold);
  if (!point) return null;
  return say("card", "threshold", {
    threshold: plainPercent(threshold),
    finding,
    sensitivity: wholePercent(point.sensitivity),
    specificity: wholePercent(point.specificity),
  });
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
  return say("card", "prevalence", {
    finding,
    prevalence: plainPercent(prevalence),
    positive:
      positive === null
        ? say("card", "no_positive")
        : say("card", "positive_value", { value: wholePercent(positive) }),
    negative:
      negative === null
        ? say("card", "no_negative")
        : say("card", "negative_value", { value: wholePercent(negative) }),
  });
}
