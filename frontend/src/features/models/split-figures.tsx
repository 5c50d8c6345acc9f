import type { Interval, SplitMetrics } from "@/lib/api/types";

import { splitWords } from "./card-words";
import { ConfusionTable } from "./confusion-table";
import { IntervalTable } from "./interval-table";
import styles from "./model-page.module.css";

interface SplitFiguresProps {
  readonly split: string;
  readonly metrics: SplitMetrics;
}

const names: Record<string, string> = {
  auroc: "AUROC, pneumonia",
  auprc: "Area under precision and recall",
  bacterial_against_viral_auroc: "AUROC, bacterial against viral",
  bacterial_against_viral_accuracy: "Accuracy, bacterial against viral",
  accuracy: "Accuracy",
  sensitivity: "Sensitivity",
  specificity: "Specificity",
  positive_predictive_value: "Positive predictive value",
  negative_predictive_value: "Negative predictive value",
  f1: "F1",
  expected_calibration_error: "Calibration error (0 is best)",
  brier: "Brier score (0 is best)",
  conformal_coverage_positive: "Prediction set holds the truth, with pneumonia",
  conformal_coverage_negative: "Prediction set holds the truth, without",
  uncertain_share: "Share called uncertain",
  decided_sensitivity: "Radiographs with pneumonia decided present",
  decided_specificity: "Radiographs without pneumonia decided absent",
  uncertain_share_positive: "Radiographs with pneumonia left uncertain",
  uncertain_share_negative: "Radiographs without pneumonia left uncertain",
};
const ORDER = Object.keys(names);

function isInterval(value: unknown): value is Interval {
  return typeof value === "object" && value !== null && "value" in value && "low" in value && "high" in value;
}

/** An AUROC whose interval reaches below this carries no claim. */
const PROVEN_AUROC = 0.7;

function isUnproven(key: string, low: number): boolean {
  return key.endsWith("auroc") && low < PROVEN_AUROC;
}

function nameOf(key: string): string {
  return names[key] ?? key.replaceAll("_", " ");
}

function rank(key: string): number {
  return ORDER.includes(key) ? ORDER.indexOf(key) : ORDER.length;
}

/** The figures on one split, whichever the card has, each with its interval in figures and drawn. */
export function SplitFigures({ split, metrics }: SplitFiguresProps) {
  const rows = Object.entries(metrics)
    .flatMap(([key, figure]) => (isInterval(figure) ? [{ key, figure }] : []))
    .sort((a, b) => rank(a.key) - rank(b.key))
    .map(({ key, figure }) => ({
      name: nameOf(key),
      figure,
      note: isUnproven(key, figure.low) ? "too uncertain to rely on" : undefined,
    }));
  const { title, meaning } = splitWords(split);
  return (
    <div className={styles.split}>
      <h3>
        {title}{" "}
        <span className={styles.quiet}>
          {metrics.patients.toLocaleString("en")} patients, {metrics.images.toLocaleString("en")} radiographs
        </span>
      </h3>
      {meaning && <p className={styles.meaning}>{meaning}</p>}
      <IntervalTable rows={rows} isDrawn />
      <ConfusionTable confusion={metrics.confusion} />
    </div>
  );
}
