import { Table } from "@mantine/core";

import type { Interval, SplitMetrics } from "@/lib/api/types";

import styles from "./about-model.module.css";
import { splitWords } from "./card-words";
import { ConfusionTable } from "./confusion-table";
import { IntervalMark, SCALE_START } from "./interval-mark";

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
  conformal_coverage_positive: "Right one remained possible, with pneumonia",
  conformal_coverage_negative: "Right one remained possible, without",
  uncertain_share: "Share called uncertain",
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
    .flatMap(([key, value]) => (isInterval(value) ? [{ key, ...value }] : []))
    .sort((a, b) => rank(a.key) - rank(b.key));
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
      <Table verticalSpacing={6} horizontalSpacing="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Figure</Table.Th>
            <Table.Th className={styles.number ?? ""}>Value</Table.Th>
            <Table.Th className={styles.number ?? ""}>95 % interval</Table.Th>
            <Table.Th className={styles.drawn ?? ""}>
              <span className={styles.scale}>
                <span>{SCALE_START}</span>
                <span>1</span>
              </span>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(({ key, value, low, high }) => (
            <Table.Tr key={key}>
              <Table.Th scope="row" className={styles.name ?? ""}>
                {nameOf(key)}
                {isUnproven(key, low) && <span className={styles.quiet}> – too uncertain to rely on</span>}
              </Table.Th>
              <Table.Td className={styles.number ?? ""}>{value.toFixed(3)}</Table.Td>
              <Table.Td className={styles.number ?? ""}>
                {low.toFixed(3)} – {high.toFixed(3)}
              </Table.Td>
              <Table.Td className={styles.drawn ?? ""}>
                <IntervalMark value={value} low={low} high={high} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <ConfusionTable confusion={metrics.confusion} />
    </div>
  );
}
