import { useId } from "react";

import type { ModelSummary } from "@/lib/api/types";
import { findingWords } from "@/lib/words/catalogue";

import { useSession } from "../store/session-context";
import styles from "./model-choice.module.css";
import { useModels } from "./use-models";

/** The choice of the models that read; nothing where the server has only one. */
export function ModelChoice() {
  const session = useSession();
  const { ready, chosen, canSelect, isAutomatic } = useModels();
  const noteId = useId();
  const automaticId = useId();
  if (ready.length < 2) return null;
  const toggle = (model: ModelSummary) => {
    const models = isAutomatic ? [model] : ready.filter((each) => chosen.includes(each) !== (each === model));
    if (models.length > 0) session.chooseModels(models.map(({ address }) => address));
  };
  return (
    <fieldset className={styles.choice} aria-describedby={noteId}>
      <legend className={styles.legend}>Models that read</legend>
      {canSelect && (
        <div className={styles.model}>
          <label>
            <input
              type="checkbox"
              checked={isAutomatic}
              aria-describedby={automaticId}
              onChange={() => {
                session.chooseModels(isAutomatic ? chosen.map(({ address }) => address) : null);
              }}
            />
            <span>By the patient&apos;s age</span>
          </label>
          <p id={automaticId} className={styles.note}>
            The models that are intended for children or for adults, by the file or else by the picture; all
            if neither shows the age.
          </p>
        </div>
      )}
      {ready.map((model) => (
        <Choice
          key={model.address}
          model={model}
          isChosen={!isAutomatic && chosen.includes(model)}
          onToggle={() => {
            toggle(model);
          }}
        />
      ))}
      <p id={noteId} className={styles.note}>
        Applies to films that are read from now on. At least one model reads; the first one gives the main
        reading.
      </p>
    </fieldset>
  );
}

interface ChoiceProps {
  readonly model: ModelSummary;
  readonly isChosen: boolean;
  readonly onToggle: () => void;
}

function Choice({ model: { name, title, version, decides_on: tasks }, isChosen, onToggle }: ChoiceProps) {
  const id = useId();
  return (
    <div className={styles.model}>
      <label>
        <input type="checkbox" checked={isChosen} aria-describedby={id} onChange={onToggle} />
        <span>
          {title ?? name} {version}
        </span>
      </label>
      <p id={id} className={styles.note}>
        Decides on {tasks.map(findingWords).join(", ")}.
      </p>
    </div>
  );
}
