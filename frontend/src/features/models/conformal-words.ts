/** What a card says of when its model decides nothing. */
import type { SplitMetrics, Task } from "@/lib/api/types";
import { plainPercent } from "@/lib/format/figures";
import { findingWords, say } from "@/lib/words/catalogue";

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
    say("card", "conformal", { coverage, finding }),
    metrics["site"]
      ? measuredCoverage("conformal_site", [metrics["site"]], finding)
      : measuredCoverage("conformal_test", metrics["test"] ? [metrics["test"]] : [], finding),
    measuredCoverage("conformal_acquisitions", Object.values(acquisitions), finding),
    say("card", "conformal_uncertain", { half: plainPercent(0.5) }),
    sentence(say("card", "fitted_on", { patients: conformal.fitted_on })),
  ]
    .filter((words) => words !== null)
    .join(" ");
}

/** "Measured on test patients: 96 % of radiographs with a finding, 95 % of those without." */
function measuredCoverage(entry: string, splits: readonly SplitMetrics[], finding: string): string | null {
  const shares = (pick: (split: SplitMetrics) => number | undefined) => {
    const values = splits.map(pick).filter((value) => value !== undefined);
    if (values.length === 0) return null;
    const [least, most] = [plainPercent(Math.min(...values)), plainPercent(Math.max(...values))];
    return least === most ? least : say("card", "range", { least, most });
  };
  const positive = shares((split) => split.conformal_coverage_positive?.value);
  const negative = shares((split) => split.conformal_coverage_negative?.value);
  if (positive === null || negative === null) return null;
  return say("card", entry, { positive, negative, finding });
}
