import { scaleSqrt } from "d3-scale";

import type { Curves } from "@/lib/api/types";
import { wholePercent } from "@/lib/format/figures";
import { say } from "@/lib/words/catalogue";

import { wilsonInterval } from "./at-threshold";
import { HORIZONTAL, Plot, shareAxis, VERTICAL } from "./plot";
import styles from "./plots.module.css";

interface ReliabilityPlotProps {
  readonly finding: string;
  readonly bins: Curves["reliability"];
  readonly calibrationError: number;
}

/** The observed share of positive radiographs over the predicted probability. */
export function ReliabilityPlot({ finding, bins, calibrationError }: ReliabilityPlotProps) {
  const x = shareAxis("Predicted probability", HORIZONTAL);
  const y = shareAxis("Observed share", VERTICAL);
  const radius = scaleSqrt([0, Math.max(...bins.map(({ count }) => count), 1)], [2.5, 10]);
  const drawn = bins.map((bin) => ({ ...bin, interval: wilsonInterval(bin.observed, bin.count) }));
  return (
    <Plot
      title="Reliability"
      description={say("card", "plot_reliability", { finding, error: calibrationError.toFixed(3) })}
      x={x}
      y={y}
      legend={[
        { words: "model", look: "model" },
        { words: "perfect calibration", look: "reference" },
      ]}
      table={{
        caption: "Reliability",
        columns: ["Predicted", "Observed", "95\u00a0% interval", "Radiographs"],
        rows: drawn.map(({ predicted, observed, count, interval }) => [
          wholePercent(predicted),
          wholePercent(observed),
          interval.map(wholePercent).join(" – "),
          count.toLocaleString("en"),
        ]),
      }}
    >
      <line x1={x.scale(0)} y1={y.scale(0)} x2={x.scale(1)} y2={y.scale(1)} className={styles.reference} />
      {drawn.map(({ predicted, observed, count, interval: [low, high] }) => (
        <g key={predicted} transform={`translate(${x.scale(predicted)} 0)`}>
          <line y1={y.scale(low)} y2={y.scale(high)} className={styles.interval} />
          <circle cy={y.scale(observed)} r={radius(count)} className={styles.bin} />
        </g>
      ))}
    </Plot>
  );
}
