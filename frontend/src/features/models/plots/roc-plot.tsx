import { line } from "d3-shape";

import type { Curves } from "@/lib/api/types";
import { plainPercent, wholePercent } from "@/lib/format/figures";
import { say } from "@/lib/words/catalogue";

import { rocAt } from "./at-threshold";
import { HORIZONTAL, Plot, shareAxis, VERTICAL } from "./plot";
import styles from "./plots.module.css";

interface RocPlotProps {
  readonly roc: Curves["roc"];
  readonly threshold: number;
  readonly auroc: number;
}

/** Sensitivity over the false positive rate, for every threshold. */
export function RocPlot({ roc, threshold, auroc }: RocPlotProps) {
  const x = shareAxis("1 − specificity (false positive rate)", HORIZONTAL);
  const y = shareAxis("Sensitivity", VERTICAL);
  const points = [...roc].sort((a, b) => b.threshold - a.threshold);
  const path = line<Curves["roc"][number]>(
    ({ specificity }) => x.scale(1 - specificity),
    ({ sensitivity }) => y.scale(sensitivity),
  );
  const chosen = rocAt(roc, threshold);
  return (
    <Plot
      title="ROC curve"
      description={say("card", "plot_roc", { auroc: auroc.toFixed(3) })}
      x={x}
      y={y}
      legend={[
        { words: "model", look: "model" },
        { words: "chance", look: "reference" },
        { words: `at ${plainPercent(threshold)}`, look: "chosen" },
      ]}
      table={{
        caption: "ROC curve",
        columns: ["Threshold", "Sensitivity", "Specificity"],
        rows: points.map((point) => [
          plainPercent(point.threshold),
          wholePercent(point.sensitivity),
          wholePercent(point.specificity),
        ]),
      }}
    >
      <line x1={x.scale(0)} y1={y.scale(0)} x2={x.scale(1)} y2={y.scale(1)} className={styles.reference} />
      <path d={path(points) ?? ""} className={styles.curve} />
      {chosen && (
        <circle
          cx={x.scale(1 - chosen.specificity)}
          cy={y.scale(chosen.sensitivity)}
          r={5}
          className={styles.chosen}
        />
      )}
    </Plot>
  );
}
