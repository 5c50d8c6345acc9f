import type { ModelCard } from "@/lib/api/types";

import { type IntervalRow, IntervalTable } from "./interval-table";
import styles from "./model-page.module.css";

type Trials = NonNullable<ModelCard["trials"]>;
type TrialFigure = Trials[string][number];

/** The trials that a card may state, in the order they are shown in. */
const TRIALS: Readonly<Record<string, { readonly title: string; readonly meaning: string }>> = {
  robustness: {
    title: "On another machine's films",
    meaning:
      "The test films again, each as other machines might have taken it: exposure, display, processing, storage, framing, burned-in letters, at several strengths. This stands in for films of another hospital; it does not replace them.",
  },
  localisation: {
    title: "Where the evidence lies",
    meaning:
      "On films read as pneumonia, and against boxes that radiologists drew on films of adults. An interval above 0 means: better than what it is compared with.",
  },
  shortcuts: {
    title: "What can be told without the lungs",
    meaning:
      "0.5 is a coin. With lungs and heart covered a model should tell nothing; what plain classifiers tell from the border or the greys shows how far the data themselves give the class away.",
  },
};

function capitalised(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** A difference is told by its words. */
function rowOf({ words, figure, images }: TrialFigure): IntervalRow {
  return {
    name: capitalised(words),
    figure,
    isDifference: words.endsWith(" by"),
    note: `${images} films`,
  };
}

/** What was found beyond the splits: changed films, evidence, shortcuts; nothing where none was run. */
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
