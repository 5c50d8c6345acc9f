import type { Interval } from "@/lib/api/types";

import styles from "./model-page.module.css";

/** The drawn line runs from 0.5 (chance) to 1: on the whole line most intervals are dots. */
export const SCALE_START = 0.5;

function position(value: number): number {
  return ((value - SCALE_START) / (1 - SCALE_START)) * 100;
}

/** A figure and its interval on the line from 0.5 to 1, if it lies there; the words stand beside it. */
export function IntervalMark({ value, low, high }: Interval) {
  if (low < SCALE_START) return null;
  return (
    <span className={styles.line} aria-hidden>
      <span
        className={styles.interval}
        style={{ left: `${position(low)}%`, width: `${position(high) - position(low)}%` }}
      />
      <span className={styles.dot} style={{ left: `${position(value)}%` }} />
    </span>
  );
}
