import type { OperatingPointAnswer } from "@/lib/api/types";
import { plainPercent } from "@/lib/format/figures";
import { operatingPointSentence } from "@/lib/words/reading-words";

import { OperatingPointChoice } from "./operating-point-choice";
import styles from "./operating-point.module.css";

interface OperatingPointProps {
  readonly point: OperatingPointAnswer;
  /** Another point was chosen, and its reading has not come yet. */
  readonly isAsking: boolean;
}

/** The operating point of a reading, why it is that one, what it is worth, and the choice of another. */
export function OperatingPoint({ point, isAsking }: OperatingPointProps) {
  const worth = operatingPointSentence(point);
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
      <OperatingPointChoice />
    </section>
  );
}
