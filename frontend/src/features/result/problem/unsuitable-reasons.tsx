import { Button } from "@mantine/core";

import { Icon } from "@/components/icon";
import { IntakeButtons } from "@/features/session";
import type { ProblemReason } from "@/lib/api/problem";

import styles from "./problem-panel.module.css";
import { unsuitableAdvice } from "./unsuitable-advice";

interface UnsuitableReasonsProps {
  readonly reasons: readonly ProblemReason[];
  readonly onReadForced: () => void;
  readonly onReadTurned: (() => void) | null;
}

const TURNED = new Set(["sideways", "upside_down"]);

/** Why a picture is not suitable, what would help, and, in a lower voice, the way past it. */
export function UnsuitableReasons({ reasons, onReadForced, onReadTurned }: UnsuitableReasonsProps) {
  const turn = reasons.some(({ code }) => TURNED.has(code)) ? onReadTurned : null;
  return (
    <>
      {reasons.length > 0 && (
        <ul className={styles.reasons} aria-label="Reasons">
          {reasons.map(({ code, words }) => (
            <li key={code}>{words}</li>
          ))}
        </ul>
      )}
      <div>
        <h3 className={styles.subtitle}>What helps</h3>
        <ul className={styles.advice}>
          {unsuitableAdvice(reasons).map((advice) => (
            <li key={advice}>{advice}</li>
          ))}
        </ul>
      </div>
      <div className={styles.actions}>
        {turn && (
          <Button leftSection={<Icon name="rotate" />} onClick={turn}>
            Turn it and read
          </Button>
        )}
        <IntakeButtons words="Choose another file" size="sm" variant={turn ? "default" : "filled"} />
      </div>
      <div className={styles.allTheSame}>
        <p>
          The models give a probability for any picture; for one like this it may mean nothing. A reading on
          request stays marked as such.
        </p>
        <Button
          size="xs"
          variant="subtle"
          color="gray"
          leftSection={<Icon name="film" sizePx={14} />}
          onClick={onReadForced}
        >
          Read it anyway
        </Button>
      </div>
    </>
  );
}
