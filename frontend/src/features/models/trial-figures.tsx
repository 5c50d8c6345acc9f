import type { Task } from "@/lib/api/types";
import { capitalised, say } from "@/lib/words/catalogue";

import { type IntervalRow, IntervalTable } from "./interval-table";
import styles from "./model-page.module.css";

type Trials = Task["trials"];
type TrialFigure = Trials[string][number];

/** The trials that a card may state, in the order they are shown in. */
const TRIALS = ["rereads", "robustness", "localisation", "shortcuts"];

/** A difference is recognised by its words. */
function rowOf({ words, figure, images }: TrialFigure): IntervalRow {
  return {
    name: capitalised(words),
    figure,
    isDifference: words.endsWith(" by"),
    note: say("card", "films", { images }),
  };
}

/** The trials beyond the splits; nothing where none was run. */
export function TrialFigures({ trials }: { readonly trials: Trials }) {
  const stated = TRIALS.flatMap((name) => {
    const figures = trials[name];
    return figures?.length ? [{ name, figures }] : [];
  });
  return stated.map(({ name, figures }) => (
    <section key={name}>
      <h2>{say("card", name)}</h2>
      <p className={styles.meaning}>{say("card", `${name}_meaning`)}</p>
      <IntervalTable rows={figures.map(rowOf)} />
    </section>
  ));
}
