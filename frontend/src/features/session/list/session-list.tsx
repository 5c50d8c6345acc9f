import { Button } from "@mantine/core";
import { type KeyboardEvent, useRef, useState } from "react";

import { Icon } from "@/components/icon";
import { saveText } from "@/lib/download/save-file";

import { inReadingOrder, studiesOf } from "../files/reading-order";
import { GatherProgress } from "../intake/gather-progress";
import { IntakeButtons } from "../intake/intake-buttons";
import type { Entry } from "../store/entry";
import { useSession, useSessionSnapshot } from "../store/session-context";
import { readingsCsv } from "./readings-csv";
import { SessionItem } from "./session-item";
import styles from "./session-list.module.css";
import { StudyList } from "./study-list";

const STEPS: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };

/** This session's radiographs, to go back to. Arrow keys walk the list, Delete removes. */
export function SessionList() {
  const session = useSession();
  const { entries: all, selectedId } = useSessionSnapshot();
  const studies = studiesOf(all);
  const entries = inReadingOrder(all);
  const list = useRef<HTMLDivElement>(null);
  const [hasDates, setDates] = useState(false);
  const hasStudies = studies.some(({ date }) => date !== "");

  const focusItem = (index: number) => {
    list.current?.querySelectorAll<HTMLButtonElement>("[data-select]")[index]?.focus();
  };
  const remove = (index: number) => {
    const entry = entries[index];
    if (!entry) return;
    session.remove(entry.id);
    // Its neighbour slides into its place once React has drawn the shorter list.
    requestAnimationFrame(() => {
      focusItem(Math.min(index, entries.length - 2));
    });
  };
  const onKeyDown = (event: KeyboardEvent, index: number) => {
    const step = STEPS[event.key];
    const next = step === undefined ? undefined : entries[index + step];
    if (step !== undefined && next) {
      event.preventDefault();
      session.select(next.id);
      focusItem(index + step);
    } else if (event.key === "Delete") {
      event.preventDefault();
      remove(index);
    }
  };

  const item = (entry: Entry) => {
    const index = entries.indexOf(entry);
    return (
      <SessionItem
        key={entry.id}
        entry={entry}
        isSelected={entry.id === selectedId}
        onSelect={() => {
          session.select(entry.id);
        }}
        onRemove={() => {
          remove(index);
        }}
        onKeyDown={(event) => {
          onKeyDown(event, index);
        }}
      />
    );
  };

  return (
    <div className={styles.frame}>
      <div className={styles.head}>
        <h2 className={styles.title}>
          This session <span className={styles.count}>{entries.length}</span>
        </h2>
        {hasStudies && (
          <Button
            size="compact-xs"
            variant="default"
            aria-pressed={hasDates}
            onClick={() => {
              setDates(!hasDates);
            }}
          >
            {hasDates ? "Hide dates" : "Show dates"}
          </Button>
        )}
        <IntakeButtons words="Add files" size="xs" variant="default" />
      </div>
      <div className={styles.progress}>
        <GatherProgress />
      </div>
      <div ref={list} className={styles.items}>
        <StudyList studies={studies} hasDates={hasDates} item={item} />
      </div>
      <div className={styles.foot}>
        <div className={styles.actions}>
          <Button
            size="xs"
            variant="default"
            leftSection={<Icon name="download" sizePx={14} />}
            onClick={() => {
              saveText("hilum-readings.csv", "text/csv;charset=utf-8", readingsCsv(entries));
            }}
          >
            All as CSV
          </Button>
          <Button size="xs" variant="default" onClick={session.clear}>
            Clear all
          </Button>
        </div>
        <p className={styles.privacy}>Kept only in this page&apos;s memory. Reloading the page deletes it.</p>
      </div>
    </div>
  );
}
