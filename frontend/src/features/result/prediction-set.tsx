import type { Verdict } from "@/lib/api/types";
import { plainPercent } from "@/lib/format/figures";

import styles from "./prediction-set.module.css";

function labelWords(code: string): string {
  return code.slice(0, 1).toUpperCase() + code.slice(1).replaceAll("_", " ");
}

/** What the prediction set holds, where that agrees with the verdict. */
export function PredictionSet({ verdict }: { readonly verdict: Verdict }) {
  const { finding, prediction_set: set, prediction_set_shown: isShown, coverage } = verdict;
  if (!isShown || set === null || coverage === null) return null;
  return (
    <div className={styles.set}>
      <h3 className={styles.title}>Prediction set, at a coverage of {plainPercent(coverage)}</h3>
      <ul className={styles.labels} aria-label="Prediction set">
        {(["normal", finding] as const).map((label) => {
          const isPossible = set.includes(label);
          return (
            <li key={label} className={styles.label} data-possible={isPossible}>
              <span className={styles.mark} aria-hidden />
              <span className={styles.name}>{labelWords(label)}</span>{" "}
              <span className={styles.state}>{isPossible ? "in the set" : "not in the set"}</span>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
