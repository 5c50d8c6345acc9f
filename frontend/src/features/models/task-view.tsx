import type { Task } from "@/lib/api/types";
import { plainPercent } from "@/lib/format/figures";
import { codeWords, findingWords } from "@/lib/words/catalogue";

import { bySplitTrust, sentence, splitWords } from "./card-words";
import { conformalWords } from "./conformal-words";
import { SplitFigures } from "./split-figures";
import { SplitPlots } from "./split-plots";
import { TrialFigures } from "./trial-figures";

/** How well a model decides on one finding, and by which rules. */
export function TaskView({ task }: { readonly task: Task }) {
  const { operating_point: point, worst_group: worst, assessment } = task;
  const finding = findingWords(task.finding);
  const uncertain = conformalWords(task);
  return (
    <>
      <p>
        Each figure has its 95 % interval, over other patients of the same kind. On patients of another
        hospital the figures may be lower. Predictive values hold where {finding} is as common as among these
        patients.
        {!task.calibrated && " The probability was not calibrated for this finding: read it as a score."}
      </p>
      {Object.entries(task.metrics)
        .sort(([a], [b]) => bySplitTrust(a, b))
        .map(([split, metrics]) => (
          <SplitFigures
            key={split}
            {...splitWords(split)}
            metrics={metrics}
            leastAuroc={assessment.least_auroc}
          />
        ))}
      {worst && (
        <SplitFigures
          title={`Group with the lowest figures: ${codeWords(worst.kind)} ${codeWords(worst.group)}`}
          meaning=""
          metrics={worst.metrics}
          leastAuroc={assessment.least_auroc}
        />
      )}

      <SplitPlots task={task} />

      <TrialFigures trials={task.trials} />

      <h2>Operating point</h2>
      <p>
        {`At and above ${plainPercent(point.threshold)}, ${finding} is called present. Criterion: ${sentence(point.criterion)}`}
        {point.chosen_on && ` Chosen on: ${sentence(point.chosen_on)}`}
      </p>

      {uncertain && (
        <>
          <h2>When a decision is uncertain</h2>
          <p>{uncertain}</p>
        </>
      )}
    </>
  );
}
