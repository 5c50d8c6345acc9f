import type { ReadingAnswer } from "@/lib/api/types";
import { plainPercent } from "@/lib/format/figures";
import { SET_LABELS } from "@/lib/words/reading-words";

import styles from "./prediction-set.module.css";

const labelWords: Record<(typeof SET_LABELS)[number], string> = { normal: "Normal", pneumonia: "Pneumonia" };

/** What remains possible and what is ruled out, at the coverage that the model states. */
export function PredictionSet({ reading }: { readonly reading: ReadingAnswer }) {
  const { prediction_set: set, coverage } = reading;
  if (set === null || coverage === null) return null;
  return (
    <div className={styles.set}>
      <h3 className={styles.title}>Remains possible, at a coverage of {plainPercent(coverage)}</h3>
      <ul className={styles.labels} aria-label="Prediction set">
        {SET_LABELS.map((label) => {
          const isPossible = set.includes(label);
          return (
            <li key={label} className={styles.label} data-possible={isPossible}>
              <span className={styles.mark} aria-hidden />
              <span className={styles.name}>{labelWords[label]}</span>{" "}
              <span className={styles.state}>{isPossible ? "possible" : "ruled out"}</span>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
