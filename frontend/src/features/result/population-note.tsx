import { Icon } from "@/components/icon";
import type { ReadingAnswer } from "@/lib/api/types";
import { say } from "@/lib/words/catalogue";

import styles from "./result.module.css";

/** Intended population of the model, and whether this patient belongs to it, as far as that can be told. */
export function PopulationNote({ answer }: { readonly answer: ReadingAnswer }) {
  const population = answer.suitability?.population;
  if (population?.intended === false) {
    return (
      <p className={styles.population} data-outside>
        <Icon name="alert" />
        <strong>{population.words}</strong>
      </p>
    );
  }
  if (population?.intended === null) {
    // These words name the intended population themselves.
    return <p className={styles.population}>{population.words}</p>;
  }
  return (
    <p className={styles.population}>
      <span>
        <span className={styles.label}>{say("on_page", "meant_for")}</span> {answer.model.intended_population}
        . {population?.words}
      </span>
    </p>
  );
}
