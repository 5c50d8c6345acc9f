/** Whether the figures of a task are sufficient, by the rule in its card. */
import type { Task } from "@/lib/api/types";

import { say } from "@/lib/words/catalogue";

import { splitWords } from "./card-words";

/** Why a task is not assessed; null where it is. */
export function whyNotAssessed({ metrics, assessment }: Task): string | null {
  const { split, least_auroc: leastAuroc, least_positives: leastPositives } = assessment;
  const measured = metrics[split];
  if (!measured) return say("card", "no_figures", { split: splitWords(split).title });
  if (measured.positives < leastPositives) {
    return say("card", "few_positives", { positives: measured.positives, least: leastPositives });
  }
  if (measured.auroc.low < leastAuroc) {
    return say("card", "low_auroc", { low: measured.auroc.low.toFixed(3), least: leastAuroc.toFixed(2) });
  }
  return null;
}
