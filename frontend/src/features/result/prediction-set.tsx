import type { Verdict } from "@/lib/api/types";
import { plainPercent } from "@/lib/format/figures";
import { capitalised, decisionWords, findingWords, say } from "@/lib/words/catalogue";

import styles from "./prediction-set.module.css";

const LABELS = [
  ["absent", "negative"],
  ["present", "positive"],
] as const;

/** What the prediction set holds, where that agrees with the verdict. */
export function PredictionSet({ verdict }: { readonly verdict: Verdict }) {
  const { finding, prediction_set: set, prediction_set_shown: isShown, coverage } = verdict;
  if (!isShown || set === null || coverage === null) return null;
  return (
    <div className={styles.set}>
      <h3 className={styles.title}>
        {say("on_page", "prediction_set", { coverage: plainPercent(coverage) })}
      </h3>
      <ul className={styles.labels} aria-label="Prediction set">
        {LABELS.map(([label, code]) => {
          const isPossible = set.includes(label);
          return (
            <li key={label} className={styles.label} data-possible={isPossible}>
              <span className={styles.mark} aria-hidden />
              <span className={styles.name}>
                {capitalised(findingWords(finding))} {decisionWords(code)}
              </span>{" "}
              <span className={styles.state}>{say("on_page", isPossible ? "in_set" : "not_in_set")}</span>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
