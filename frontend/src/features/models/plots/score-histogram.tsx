import { scaleSqrt } from "d3-scale";

import type { Curves } from "@/lib/api/types";
import { plainPercent } from "@/lib/format/figures";
import { say } from "@/lib/words/catalogue";

import { sharesOf } from "./at-threshold";
import { type Axis, HORIZONTAL, Plot, shareAxis, VERTICAL } from "./plot";
import styles from "./plots.module.css";

const TICKS = [-1, -0.25, -0.05, 0, 0.05, 0.25, 1];

/** Up for positive radiographs, down for negative ones; by square root, so that low counts are visible. */
function mirroredAxis(): Axis {
  return {
    label: "Share of each group (square root)",
    scale: scaleSqrt([-1, 1], VERTICAL),
    ticks: TICKS,
    words: (value) => `${Math.round(Math.abs(value) * 100)}\u00a0%`,
  };
}

interface ScoreHistogramProps {
  readonly finding: string;
  readonly histogram: Curves["histogram"];
  readonly threshold: number;
}

/** The predicted probabilities of radiographs with and without the finding. */
export function ScoreHistogram({ finding, histogram, threshold }: ScoreHistogramProps) {
  const x = shareAxis("Predicted probability", HORIZONTAL);
  const y = mirroredAxis();
  const { edges, positive, negative } = histogram;
  const bins = edges.slice(0, -1).map((low, index) => ({
    low,
    high: edges[index + 1] ?? low,
    positive: positive[index] ?? 0,
    negative: negative[index] ?? 0,
  }));
  const positiveShares = sharesOf(positive);
  const negativeShares = sharesOf(negative);
  return (
    <Plot
      title="Predicted probabilities"
      description={say("card", "plot_histogram", { finding })}
      x={x}
      y={y}
      legend={[
        { words: `with ${finding}`, look: "model" },
        { words: "without", look: "negative" },
        { words: `at ${plainPercent(threshold)}`, look: "chosenLine" },
      ]}
      table={{
        caption: "Predicted probabilities",
        columns: ["Probability", `With ${finding}`, "Without"],
        rows: bins.map((bin) => [
          `${plainPercent(bin.low)} – ${plainPercent(bin.high)}`,
          bin.positive.toLocaleString("en"),
          bin.negative.toLocaleString("en"),
        ]),
      }}
    >
      {bins.map(({ low, high }, index) => {
        const left = x.scale(low) + 0.75;
        const width = Math.max(x.scale(high) - x.scale(low) - 1.5, 1);
        const top = y.scale(positiveShares[index] ?? 0);
        const bottom = y.scale(-(negativeShares[index] ?? 0));
        return (
          <g key={low}>
            <rect x={left} width={width} y={top} height={y.scale(0) - top} className={styles.positiveBar} />
            <rect
              x={left}
              width={width}
              y={y.scale(0)}
              height={bottom - y.scale(0)}
              className={styles.negativeBar}
            />
          </g>
        );
      })}
      <line
        x1={x.scale(threshold)}
        x2={x.scale(threshold)}
        y1={VERTICAL[0]}
        y2={VERTICAL[1]}
        className={styles.chosenLine}
      />
    </Plot>
  );
}
