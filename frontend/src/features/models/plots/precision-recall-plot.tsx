import { curveStepBefore, line } from "d3-shape";

import type { Curves } from "@/lib/api/types";
import { plainPercent, wholePercent } from "@/lib/format/figures";
import { say } from "@/lib/words/catalogue";

import { precisionAt } from "./at-threshold";
import { HORIZONTAL, Plot, shareAxis, VERTICAL } from "./plot";
import styles from "./plots.module.css";

interface PrecisionRecallPlotProps {
  readonly finding: string;
  readonly points: Curves["precision_recall"];
  readonly threshold: number;
  /** At that threshold, in [0, 1]; null where it was not measured. */
  readonly sensitivity: number | null;
  readonly prevalence: number;
}

/** Precision over recall, for every threshold. */
export function PrecisionRecallPlot({
  finding,
  points,
  threshold,
  sensitivity,
  prevalence,
}: PrecisionRecallPlotProps) {
  const x = shareAxis("Recall (sensitivity)", HORIZONTAL);
  const y = shareAxis("Precision (positive predictive value)", VERTICAL);
  const sorted = [...points].sort((a, b) => a.recall - b.recall);
  const path = line<Curves["precision_recall"][number]>(
    ({ recall }) => x.scale(recall),
    ({ precision }) => y.scale(precision),
  ).curve(curveStepBefore);
  const chosen = sensitivity === null ? null : precisionAt(points, sensitivity);
  return (
    <Plot
      title="Precision and recall"
      description={say("card", "plot_precision_recall", { finding, prevalence: wholePercent(prevalence) })}
      x={x}
      y={y}
      legend={[
        { words: "model", look: "model" },
        { words: "all called positive", look: "reference" },
        { words: `at ${plainPercent(threshold)}`, look: "chosen" },
      ]}
      table={{
        caption: "Precision and recall",
        columns: ["Recall", "Precision"],
        rows: sorted.map(({ recall, precision }) => [wholePercent(recall), wholePercent(precision)]),
      }}
    >
      <line
        x1={x.scale(0)}
        y1={y.scale(prevalence)}
        x2={x.scale(1)}
        y2={y.scale(prevalence)}
        className={styles.reference}
      />
      <path d={path(sorted) ?? ""} className={styles.curve} />
      {chosen && (
        <circle cx={x.scale(chosen.recall)} cy={y.scale(chosen.precision)} r={5} className={styles.chosen} />
      )}
    </Plot>
  );
}
