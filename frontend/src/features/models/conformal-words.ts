/** What a card says of when its model decides nothing. */
import type { SplitMetrics, Task } from "@/lib/api/types";
import { plainPercent } from "@/lib/format/figures";
import { findingWords } from "@/lib/words/catalogue";

import { sentence } from "./card-words";

/** When a decision on a task is uncertain, and the measured coverage of its prediction sets; null where the
 * model always decides. */
export function conformalWords({
  conformal,
  finding: code,
  metrics,
  across_acquisitions: acquisitions,
}: Pick<Task, "conformal" | "finding" | "metrics" | "across_acquisitions">): string | null {
  if (!conformal) return null;
  const [coverage, finding] = [plainPercent(conformal.coverage), findingWords(code)];
  return [
    `The prediction set holds each of the labels present and absent that is not ruled out (split conformal prediction). Its nominal coverage is ${coverage}, for radiographs with ${finding} and for those without.`,
    measuredCoverage("on test patients", metrics["test"] ? [metrics["test"]] : [], finding),
    measuredCoverage(
      "across acquisitions, on radiographs of one that the network was not trained on",
      Object.values(acquisitions),
      finding,
    ),
    "A decision is uncertain where the set holds both labels or none, where its one label contradicts the operating point, and below the operating point from a probability of 50\u00a0% on. At an operating point that a user chooses, that point alone decides.",
    sentence(`Fitted on: ${conformal.fitted_on}`),
  ]
    .filter((words) => words !== null)
    .join(" ");
}

/** "Measured on test patients: 96 % of radiographs with a finding, 95 % of those without." */
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
  return `Measured ${where}: ${positive} of radiographs with ${finding}, ${negative} of those without.`;
}
