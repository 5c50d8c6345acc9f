import { scaleLinear } from "d3-scale";
import { line } from "d3-shape";

import type { Curves } from "@/lib/api/types";
import { plainPercent } from "@/lib/format/figures";
import { say } from "@/lib/words/catalogue";

import { benefitAt } from "./at-threshold";
import { type Axis, HORIZONTAL, Plot, shareAxis, VERTICAL } from "./plot";
import styles from "./plots.module.css";

type Point = Curves["decision"][number];

function figure(value: number): string {
  return value.toFixed(2).replace("-", "\u2212");
}

/** Net benefit, from a little below 0; treating everyone falls far below it. */
function benefitAxis(decision: Curves["decision"]): Axis {
  const highest = Math.max(...decision.flatMap(({ model, treat_all: all }) => [model, all]), 0.05);
  const scale = scaleLinear([-0.15 * highest, highest * 1.05], VERTICAL);
  return { label: "Net benefit", scale, ticks: scale.ticks(5), words: figure };
}

interface DecisionPlotProps {
  readonly decision: Curves["decision"];
  readonly threshold: number;
}

/** Net benefit of acting on the model (Vickers and Elkin, Medical Decision Making 2006). */
export function DecisionPlot({ decision, threshold }: DecisionPlotProps) {
  const x = shareAxis("Threshold probability", HORIZONTAL);
  const y = benefitAxis(decision);
  const lowest = y.scale.invert(VERTICAL[0]);
  const pathOf = (benefit: (point: Point) => number) =>
    line<Point>(
      (point) => x.scale(point.threshold),
      (point) => y.scale(benefit(point)),
    ).defined((point) => benefit(point) >= lowest)(decision) ?? "";
  const chosen = benefitAt(decision, threshold);
  return (
    <Plot
      title="Decision curve"
      description={say("card", "plot_decision")}
      x={x}
      y={y}
      legend={[
        { words: "model", look: "model" },
        { words: "treat everyone", look: "reference" },
        { words: `at ${plainPercent(threshold)}`, look: "chosen" },
      ]}
      table={{
        caption: "Decision curve",
        columns: ["Threshold", "Model", "Treat everyone"],
        rows: decision.map((point) => [
          plainPercent(point.threshold),
          figure(point.model),
          figure(point.treat_all),
        ]),
      }}
    >
      <line x1={HORIZONTAL[0]} x2={HORIZONTAL[1]} y1={y.scale(0)} y2={y.scale(0)} className={styles.zero} />
      <path d={pathOf((point) => point.treat_all)} className={styles.reference} />
      <path d={pathOf((point) => point.model)} className={styles.curve} />
      {chosen && chosen.model >= lowest && (
        <circle cx={x.scale(chosen.threshold)} cy={y.scale(chosen.model)} r={5} className={styles.chosen} />
      )}
    </Plot>
  );
}
