import { Button } from "@mantine/core";

import { ModelChoice, useModels, useSession } from "@/features/session";
import { modelNames } from "@/lib/api/model-readings";
import type { ReadingAnswer } from "@/lib/api/types";

import styles from "./result.module.css";

interface ChosenModelsProps {
  readonly entryId: string;
  readonly film: ReadingAnswer;
}

/** The choice of the models that read, and the offer to read a film again that others read. */
export function ChosenModels({ entryId, film }: ChosenModelsProps) {
  const session = useSession();
  const { ready, chosen } = useModels();
  if (ready.length < 2) return null;
  const read = modelNames(film);
  const isAsChosen = read.join("\n") === chosen.map(({ name }) => name).join("\n");
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
