import { Button } from "@mantine/core";
import { type ReactNode, useEffect, useId, useRef, useState } from "react";

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
  const wasAsking = useRef(false);
  const reason = useId();
  const keepButton = useRef<HTMLButtonElement>(null);
  const discardButton = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    // The button that was pressed is gone; the safe one, or the one that asked, takes its place.
    if (isAsking) keepButton.current?.focus();
    else if (wasAsking.current) discardButton.current?.focus();
    wasAsking.current = isAsking;
  }, [isAsking]);
  const stopAsking = () => {
    setIsAsking(false);
  };
  return (
    <li className={styles.record}>
      <div>
        <p className={styles.reason} id={reason}>
          {record.reason}
        </p>
        <p className={styles.facts}>{record.facts.join(" · ")}</p>
        {record.uid && <p className={styles.uid}>{record.uid}</p>}
      </div>
      {isAsking ? (
        <Question label={discard.label} onEscape={stopAsking}>
          <Button size="xs" color="red" disabled={isBusy} aria-describedby={reason} onClick={discard.act}>
            Discard
          </Button>
          <Button size="xs" variant="default" ref={keepButton} onClick={stopAsking}>
            Keep
          </Button>
        </Question>
      ) : (
        <div className={styles.actions}>
          {retry && (
            <Button
              size="xs"
              variant="default"
              disabled={isBusy}
              aria-describedby={reason}
              onClick={retry.act}
            >
              {retry.label}
            </Button>
          )}
          <Button
            size="xs"
            variant="subtle"
            color="gray"
            ref={discardButton}
            disabled={isBusy}
            aria-describedby={reason}
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

interface QuestionProps {
  readonly label: string;
  readonly onEscape: () => void;
  readonly children: ReactNode;
}

/** A question in place of the buttons that led to it. */
function Question({ label, onEscape, children }: QuestionProps) {
  const group = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const { current } = group;
    const leave = ({ key }: KeyboardEvent) => {
      if (key === "Escape") onEscape();
    };
    current?.addEventListener("keydown", leave);
    return () => current?.removeEventListener("keydown", leave);
  }, [onEscape]);
  return (
    <div ref={group} className={styles.actions} role="group" aria-label={label}>
      <span>{label}</span>
      {children}
    </div>
  );
}
