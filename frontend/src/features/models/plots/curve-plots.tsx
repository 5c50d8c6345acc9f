import { Button } from "@mantine/core";
import { useState } from "react";

import type { Curves, SplitMetrics } from "@/lib/api/types";
import { plainPercent } from "@/lib/format/figures";

import { prevalenceOf, rocAt } from "./at-threshold";
import { DecisionPlot } from "./decision-plot";
import styles from "./plots.module.css";
import { PrecisionRecallPlot } from "./precision-recall-plot";
import { ReliabilityPlot } from "./reliability-plot";
import { RocPlot } from "./roc-plot";
import { ScoreHistogram } from "./score-histogram";
import { ShareSlider } from "./share-slider";
import { prevalenceSentence, thresholdSentence } from "./threshold-words";

interface CurvePlotsProps {
  /** In words. */
  readonly finding: string;
  readonly curves: Curves;
  readonly metrics: SplitMetrics;
  /** The model's own operating point. */
  readonly operatingPoint: number;
}

/** The curves of a split, with one threshold marked in all of them. */
export function CurvePlots({ finding, curves, metrics, operatingPoint }: CurvePlotsProps) {
  const measured = prevalenceOf(curves.histogram);
  const [threshold, setThreshold] = useState(operatingPoint);
  const [prevalence, setPrevalence] = useState(Math.round(measured * 100) / 100);
  const point = rocAt(curves.roc, threshold);
  return (
    <>
      <div className={styles.controls}>
        <ShareSlider label="Threshold" value={threshold} onChange={setThreshold} />
        <ShareSlider label="Prevalence" value={prevalence} onChange={setPrevalence} />
        <p className={styles.sentences} aria-live="polite">
          {thresholdSentence(curves.roc, threshold, finding)}{" "}
          {prevalenceSentence(curves.roc, threshold, prevalence, finding)}
        </p>
        <div>
          <Button
            size="xs"
            variant="default"
            disabled={threshold === operatingPoint}
            onClick={() => {
              setThreshold(operatingPoint);
            }}
          >
            Back to the operating point, {plainPercent(operatingPoint)}
          </Button>
        </div>
      </div>
      <div className={styles.plots}>
        <RocPlot roc={curves.roc} threshold={threshold} auroc={metrics.auroc.value} />
        <ScoreHistogram finding={finding} histogram={curves.histogram} threshold={threshold} />
        <PrecisionRecallPlot
          finding={finding}
          points={curves.precision_recall}
          threshold={threshold}
          sensitivity={point?.sensitivity ?? null}
          prevalence={measured}
        />
        <ReliabilityPlot
          finding={finding}
          bins={curves.reliability}
          calibrationError={metrics.expected_calibration_error.value}
        />
        <DecisionPlot decision={curves.decision} threshold={threshold} />
      </div>
    </>
  );
}
