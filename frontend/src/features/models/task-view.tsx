import type { Task } from "@/lib/api/types";
import { plainPercent } from "@/lib/format/figures";
import { codeWords, findingWords, say } from "@/lib/words/catalogue";

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
        {say("card", "figures", { finding })}
        {!task.calibrated && ` ${say("card", "not_calibrated")}`}
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
          title={say("card", "worst_group", { group: `${codeWords(worst.kind)} ${codeWords(worst.group)}` })}
          meaning=""
          metrics={worst.metrics}
          leastAuroc={assessment.least_auroc}
        />
      )}

      <SplitPlots task={task} />

      <TrialFigures trials={task.trials} />

      <h2>Operating point</h2>
      <p>
        {say("card", "point", {
          threshold: plainPercent(point.threshold),
          finding,
          criterion: sentence(point.criterion),
        })}
        {point.chosen_on && ` ${say("card", "chosen_on", { patients: sentence(point.chosen_on) })}`}
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
