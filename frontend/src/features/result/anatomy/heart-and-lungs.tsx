import { Anchor } from "@mantine/core";
import { Link } from "wouter";

import type { AnatomyAnswer } from "@/lib/api/types";
import { modelPath } from "@/lib/paths";

import { lungSentence, qualityWords, ratioSentence } from "./anatomy-words";
import styles from "./heart-and-lungs.module.css";

/** How wide the heart is, what that means, and what else was seen of the film. */
export function HeartAndLungs({ anatomy }: { readonly anatomy: AnatomyAnswer }) {
  const { cardiothoracic_ratio: ratio, model } = anatomy;
  const notes = [lungSentence(anatomy), ...qualityWords(anatomy)].filter((note) => note !== null);
  return (
    <section className={styles.section} aria-labelledby="heart-and-lungs">
      <h3 id="heart-and-lungs" className={styles.title}>
        Heart and lungs
      </h3>
      {ratio.value !== null && (
        <p className={styles.ratio} data-valid={ratio.valid}>
          <span className={styles.name}>
            Cardiothoracic ratio
            {!ratio.valid && <span className={styles.notValid}> not valid on this film</span>}
          </span>
          <span className={styles.value}>
            {ratio.value.toFixed(2)}
            <span className={styles.error}> ± {ratio.mean_absolute_error.toFixed(3)}</span>
          </span>
        </p>
      )}
      <p>{ratioSentence(ratio)}</p>
      {ratio.reason && (
        <p className={ratio.valid ? styles.quiet : styles.reason} data-reason>
          {ratio.reason}
        </p>
      )}
      {notes.length > 0 && (
        <ul className={styles.notes} aria-label="Notes on the film">
          {notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
      <p className={styles.quiet}>
        {ratio.value !== null && "±: mean error on test films. "}
        <Anchor component={Link} href={modelPath(model.name)} underline="always" inherit>
          Accuracy of the outlines
        </Anchor>
      </p>
    </section>
  );
}
