import { Button } from "@mantine/core";

import { ModelChoice, useModels, useSession } from "@/features/session";
import { answersByModel, modelAddress } from "@/lib/api/model-readings";
import type { ModelSummary, ReadingAnswer } from "@/lib/api/types";

import styles from "./result.module.css";

interface ChosenModelsProps {
  readonly entryId: string;
  readonly film: ReadingAnswer;
}

/** The choice of the models that read, and the offer to read a film again that others read. */
export function ChosenModels({ entryId, film }: ChosenModelsProps) {
  const session = useSession();
  const { ready, chosen, isAutomatic } = useModels();
  if (ready.length < 2) return null;
  const read = answersByModel(film).map(({ model }) => addressOnServer(model, ready));
  const isAsChosen = isAutomatic
    ? film.selection !== null
    : read.join("\n") === chosen.map(({ address }) => address).join("\n");
  return (
    <div className={styles.models}>
      <ModelChoice />
      {!isAsChosen && (
        <p className={styles.again}>
          <span>This film was read by {read.join(", ")}.</span>
          <Button
            size="xs"
            variant="default"
            onClick={() => {
              session.retry(entryId);
            }}
          >
            Read again with the chosen models
          </Button>
        </p>
      )}
    </div>
  );
}

/** How the server now names a model that read a film, where it still has it. */
function addressOnServer(model: ReadingAnswer["model"], ready: readonly ModelSummary[]): string {
  const { name, version } = model;
  return ready.find((each) => each.name === name && each.version === version)?.address ?? modelAddress(model);
}
