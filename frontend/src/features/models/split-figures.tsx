import type { Interval, SplitMetrics } from "@/lib/api/types";
import { FIGURES, figureWords, LANGUAGE, say } from "@/lib/words/catalogue";

import { ConfusionTable } from "./confusion-table";
import { IntervalTable } from "./interval-table";
import styles from "./model-page.module.css";

interface SplitFiguresProps {
  readonly title: string;
  /** What these patients were used for. */
  readonly meaning: string;
  readonly metrics: SplitMetrics;
  /** Which the lower end of an AUROC's interval must reach. */
  readonly leastAuroc: number;
}

function isInterval(value: unknown): value is Interval {
  return typeof value === "object" && value !== null && "value" in value && "low" in value && "high" in value;
}

function rank(key: string): number {
  return FIGURES.includes(key) ? FIGURES.indexOf(key) : FIGURES.length;
}

/** The figures on one split, whichever the card has, each with its interval in figures and drawn. */
export function SplitFigures({ title, meaning, metrics, leastAuroc }: SplitFiguresProps) {
  const rows = Object.entries(metrics)
    .flatMap(([key, figure]) => (isInterval(figure) ? [{ key, figure }] : []))
    .sort((a, b) => rank(a.key) - rank(b.key))
    .map(({ key, figure }) => ({
      name: figureWords(key),
      figure,
      note: key.endsWith("auroc") && figure.low < leastAuroc ? say("card", "weak") : undefined,
    }));
  return (
    <div className={styles.split}>
      <h3>
        {title}{" "}
        <span className={styles.quiet}>
          {say("card", "size", {
            patients: metrics.patients.toLocaleString(LANGUAGE),
            images: metrics.images.toLocaleString(LANGUAGE),
            positives: metrics.positives.toLocaleString(LANGUAGE),
          })}
        </span>
      </h3>
      {meaning && <p className={styles.meaning}>{meaning}</p>}
      <IntervalTable rows={rows} isDrawn />
      <ConfusionTable confusion={metrics.confusion} />
    </div>
  );
}
