import type { PointAnswer } from "@/lib/api/types";
import { plainPercent } from "@/lib/format/figures";
import { pointSentence } from "@/lib/words/reading-words";

import { PointChoice } from "./point-choice";
import styles from "./operating-point.module.css";

interface OperatingPointProps {
  readonly point: PointAnswer;
  /** Another point was chosen, and its reading has not come yet. */
  readonly isAsking: boolean;
}

/** The operating point of a reading, why it is that one, what it is worth, and the choice of another. */
export function OperatingPoint({ point, isAsking }: OperatingPointProps) {
  const worth = pointSentence(point);
  return (
    <section className={styles.section} aria-labelledby="operating-point" aria-busy={isAsking}>
      <h3 id="operating-point" className={styles.title}>
        Operating point <span className={styles.threshold}>{plainPercent(point.threshold)}</span>
        {isAsking && <span className={styles.asking}> reading again…</span>}
      </h3>
      <p>
        <span className={styles.quiet}>Criterion:</span> {point.criterion.replaceAll(" - ", " \u2212 ")}.{" "}
        {worth}
      </p>
      <PointChoice />
    </section>
  );
}
