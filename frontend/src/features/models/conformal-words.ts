/** What a card says of when its model decides nothing. */
import type { ModelCard, SplitMetrics } from "@/lib/api/types";
import { plainPercent } from "@/lib/format/figures";

import { findingWords, sentence } from "./card-words";

/** When a model leaves a decision uncertain, and how often its prediction sets held the truth; null where it
 * always decides. */
export function conformalWords({
  conformal,
  target,
  metrics,
  across_acquisitions: acquisitions,
}: Pick<ModelCard, "conformal" | "target" | "metrics" | "across_acquisitions">): string | null {
  if (!conformal) return null;
  const [coverage, finding] = [plainPercent(conformal.coverage), findingWords(target)];
  return [
    `The prediction set names each of normal and ${finding} that is not ruled out, and aims to hold the right one on ${coverage} of radiographs of either kind (split conformal prediction).`,
    measuredCoverage("On test patients", metrics["test"] ? [metrics["test"]] : [], finding),
    measuredCoverage(
      "Across acquisitions, on radiographs unlike those learnt from",
      Object.values(acquisitions),
      finding,
    ),
    "A decision is uncertain where the set holds both or none, where its one label contradicts the operating point, and below the operating point from a probability of 50\u00a0% on. At an operating point that a user chooses, that point alone decides.",
    sentence(`Fitted on: ${conformal.fitted_on}`),
  ]
    .filter((words) => words !== null)
    .join(" ");
}

/** "On test patients it held it for 96 % of those with pneumonia and 95 % of normal ones." */
function measuredCoverage(where: string, splits: readonly SplitMetrics[], finding: string): string | null {
  const shares = (pick: (split: SplitMetrics) => number | undefined) => {
    const values = splits.map(pick).filter((value) => value !== undefined);
    if (values.length === 0) return null;
    const [least, most] = [plainPercent(Math.min(...values)), plainPercent(Math.max(...values))];
    return least === most ? least : `${least} to ${most}`;
  };
  const positive = shares((split) => split.conformal_coverage_positive?.value);
  const negative = shares((split) => split.conformal_coverage_negative?.value);
  if (positive === null || negative === null) return null;
  return `${where}, it did for ${positive} of those with ${finding} and ${negative} of normal ones.`;
}
