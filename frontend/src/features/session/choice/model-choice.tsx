import { Checkbox } from "@mantine/core";
import { useId } from "react";

import type { ModelSummary } from "@/lib/api/types";
import { findingWords } from "@/lib/words/catalogue";

import { useSession } from "../store/session-context";
import styles from "./model-choice.module.css";
import { useModels } from "./use-models";

/** The choice of the models that read; nothing where the server has only one. */
export function ModelChoice() {
  const session = useSession();
  const { ready, chosen } = useModels();
  const noteId = useId();
  if (ready.length < 2) return null;
  const toggle = (model: ModelSummary) => {
    const names = ready.filter((each) => chosen.includes(each) !== (each === model)).map(({ name }) => name);
    if (names.length > 0) session.chooseModels(names);
  };
  return (
    <fieldset className={styles.choice} aria-describedby={noteId}>
      <legend className={styles.legend}>Models that read</legend>
      {ready.map((model) => (
        <Checkbox
          key={model.name}
          size="xs"
          label={`${model.title ?? model.name} ${model.version ?? ""}`}
          description={`Decides on ${model.decides_on.map(findingWords).join(", ")}.`}
          checked={chosen.includes(model)}
          onChange={() => {
            toggle(model);
          }}
        />
      ))}
      <p id={noteId} className={styles.note}>
        For films that are read from now on; at least one model. The first one gives the main reading.
      </p>
    </fieldset>
  );
}
