/** Whether the figures of a task bear it out, by the rule in its card. */
import type { Task } from "@/lib/api/types";

import { splitWords } from "./card-words";

/** Why a task is not assessed; null where it is. */
export function whyNotAssessed({ metrics, assessment }: Task): string | null {
  const { split, least_auroc: leastAuroc, least_positives: leastPositives } = assessment;
  const on = splitWords(split).title.toLowerCase();
  const measured = metrics[split];
  if (!measured) return `no figures on ${on}`;
  if (measured.positives < leastPositives) {
    return `${measured.positives} positive radiographs, at least ${leastPositives} needed`;
  }
  if (measured.auroc.low < leastAuroc) {
    return `AUROC interval from ${measured.auroc.low.toFixed(3)}, below ${leastAuroc.toFixed(2)}`;
  }
  return null;
}
