import { Button } from "@mantine/core";

import { Icon } from "@/components/icon";
import { IntakeButtons, ModelChoice } from "@/features/session";
import { ProblemError } from "@/lib/api/problem";
import { problemWords } from "@/lib/words/problem-words";

import { OperatingPointChoice } from "../operating-point/operating-point-choice";
import styles from "./problem-panel.module.css";
import { UnsuitableReasons } from "./unsuitable-reasons";

interface ProblemPanelProps {
  readonly error: unknown;
  readonly onRetry: () => void;
  readonly onReadForced: () => void;
  /** Null where that was tried. */
  readonly onReadTurned: (() => void) | null;
}

/** Problems that another model may not have. */
const OF_MODELS = new Set([
  "unsuitable-radiograph",
  "invalid-operating-point",
  "unknown-model",
  "model-unavailable",
]);

/** Why there is no reading, and what to do about it. */
export function ProblemPanel({ error, onRetry, onReadForced, onReadTurned }: ProblemPanelProps) {
  const { title, advice, canRetry, serverSaid, requestId } = problemWords(error);
  const slug = error instanceof ProblemError ? error.slug : null;
  const reasons = error instanceof ProblemError ? error.problem.reasons : [];
  return (
    <div className={styles.panel}>
      <h2 className={styles.title}>
        <Icon name="alert" sizePx={20} />
        {title}
      </h2>
      <p>{advice}</p>
      {slug === "invalid-operating-point" && <OperatingPointChoice />}
      {slug !== null && OF_MODELS.has(slug) && <ModelChoice />}
      {slug === "unsuitable-radiograph" ? (
        <UnsuitableReasons reasons={reasons} onReadForced={onReadForced} onReadTurned={onReadTurned} />
      ) : (
        <div className={styles.actions}>
          {canRetry && (
            <Button leftSection={<Icon name="retry" />} onClick={onRetry}>
              Try again
            </Button>
          )}
          <IntakeButtons words="Choose another file" size="sm" variant="default" />
        </div>
      )}
      {(serverSaid ?? requestId) && (
        <dl className={styles.details}>
          {serverSaid && (
            <div>
              <dt>The server said</dt>
              <dd>{serverSaid}</dd>
            </div>
          )}
          {requestId && (
            <div>
              <dt>Request number</dt>
              <dd className={styles.code}>{requestId}</dd>
            </div>
          )}
        </dl>
      )}
    </div>
  );
}
