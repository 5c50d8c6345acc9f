import { Icon } from "@/components/icon";
import type { ReadingAnswer } from "@/lib/api/types";

import styles from "./result.module.css";

/** For whom the model is meant, and whether this patient is one of them, as far as that can be told. */
export function PopulationNote({ answer }: { readonly answer: ReadingAnswer }) {
  const intended = answer.model.intended_population;
  const population = answer.suitability?.population;
  if (population?.intended === false) {
    return (
      <p className={styles.population} data-outside>
        <Icon name="alert" />
        <strong>{population.words}</strong>
      </p>
    );
  }
  return (
    <p className={styles.population}>
      <span>
        <span className={styles.label}>The model is meant for:</span> {intended}. For anyone else its figures
        may be wrong.
        {population && population.words !== intended && ` ${population.words}`}
      </span>
    </p>
  );
}
