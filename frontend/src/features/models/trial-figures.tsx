import type { Task } from "@/lib/api/types";
import { capitalised } from "@/lib/words/catalogue";

import { type IntervalRow, IntervalTable } from "./interval-table";
import styles from "./model-page.module.css";

type Trials = Task["trials"];
type TrialFigure = Trials[string][number];

/** The trials that a card may state, in the order they are shown in. */
const TRIALS: Readonly<Record<string, { readonly title: string; readonly meaning: string }>> = {
  robustness: {
    title: "Robustness to changed films",
    meaning:
      "The test films under changes of exposure, display, processing, storage, framing and burned-in letters, at several strengths. This approximates films of other machines; it does not replace an evaluation on films of another hospital.",
  },
  localisation: {
    title: "Localisation of the evidence",
    meaning:
      "Measured on films that are decided positive, and against boxes that radiologists drew where there are such. A difference whose interval is above 0 is in favour of the model's evidence.",
  },
  shortcuts: {
    title: "Shortcuts: predictions without the lungs",
    meaning:
      "AUROC; 0.5 is chance. With lungs and heart covered, the model should be near 0.5. Simple classifiers of the border or of the grey values show how much of the class can be predicted from the data without anatomy.",
  },
};

/** A difference is recognised by its words. */
function rowOf({ words, figure, images }: TrialFigure): IntervalRow {
  return {
    name: capitalised(words),
    figure,
    isDifference: words.endsWith(" by"),
    note: `${images} films`,
  };
}

/** The trials beyond the splits: robustness, localisation, shortcuts; nothing where none was run. */
export function TrialFigures({ trials }: { readonly trials: Trials }) {
  const stated = Object.entries(TRIALS).flatMap(([name, words]) => {
    const figures = trials[name];
    return figures?.length ? [{ name, figures, ...words }] : [];
  });
  return stated.map(({ name, figures, title, meaning }) => (
    <section key={name}>
      <h2>{title}</h2>
      <p className={styles.meaning}>{meaning}</p>
      <IntervalTable rows={figures.map(rowOf)} />
    </section>
  ));
}
