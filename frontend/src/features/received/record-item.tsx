import { Button } from "@mantine/core";
import { useEffect, useRef, useState } from "react";

import styles from "./received.module.css";
import type { ReceivedRecord } from "./records";

export interface RecordAction {
  readonly label: string;
  readonly act: () => void;
}

interface RecordItemProps {
  readonly record: ReceivedRecord;
  readonly isBusy: boolean;
  readonly retry?: RecordAction | undefined;
  /** Its label is the question that is asked first. */
  readonly discard: RecordAction;
}

/** An object or a delivery, why it stays, and the buttons for it. */
export function RecordItem({ record, isBusy, retry, discard }: RecordItemProps) {
  const [isAsking, setIsAsking] = useState(false);
  const keep = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    // The button that was pressed is gone.
    if (isAsking) keep.current?.focus();
  }, [isAsking]);
  return (
    <li className={styles.record}>
      <div>
        <p className={styles.reason}>{record.reason}</p>
        <p className={styles.facts}>{record.facts.join(" · ")}</p>
        {record.uid && <p className={styles.uid}>{record.uid}</p>}
      </div>
      {isAsking ? (
        <div className={styles.actions} role="group" aria-label={discard.label}>
          <span>{discard.label}</span>
          <Button size="xs" color="red" disabled={isBusy} onClick={discard.act}>
            Discard
          </Button>
          <Button
            size="xs"
            variant="default"
            ref={keep}
            onClick={() => {
              setIsAsking(false);
            }}
          >
            Keep
          </Button>
        </div>
      ) : (
        <div className={styles.actions}>
          {retry && (
            <Button size="xs" variant="default" disabled={isBusy} onClick={retry.act}>
              {retry.label}
            </Button>
          )}
          <Button
            size="xs"
            variant="subtle"
            color="gray"
            disabled={isBusy}
            onClick={() => {
              setIsAsking(true);
            }}
          >
            Discard
          </Button>
        </div>
      )}
    </li>
  );
}
