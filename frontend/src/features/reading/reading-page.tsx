import { VisuallyHidden } from "@mantine/core";
import { useEffect, useRef } from "react";

import { ReadingPanel } from "@/features/result";
import {
  Announcer,
  FilmSteps,
  IntakeProvider,
  SessionList,
  useSelectedEntry,
  useSessionSnapshot,
  Welcome,
} from "@/features/session";
import { FilmStage } from "@/features/viewer";

import styles from "./reading-page.module.css";
import { useKeptFocus } from "./use-kept-focus";

/** A radiograph in, a reading out: the list, the film, the reading. */
export function ReadingPage() {
  const { entries } = useSessionSnapshot();
  const selected = useSelectedEntry();
  const panel = useRef<HTMLElement>(null);
  useKeptFocus(panel, `${selected?.id ?? ""} ${selected?.state.kind ?? ""}`);
  useEffect(() => {
    document.title = "Read a chest radiograph – Hilum";
  }, []);
  return (
    <IntakeProvider>
      <VisuallyHidden component="h1">Read a chest radiograph</VisuallyHidden>
      <div className={styles.page} data-fills-window data-empty={entries.length === 0 || undefined}>
        <div className={styles.steps}>
          <FilmSteps />
        </div>
        <section className={styles.film} aria-label="Radiograph">
          <FilmStage entry={selected} />
        </section>
        <section ref={panel} className={styles.panel} aria-label="Reading" tabIndex={-1}>
          {selected ? <ReadingPanel key={selected.id} entry={selected} /> : <Welcome />}
        </section>
        {entries.length > 0 && (
          <section className={styles.list} aria-label="Readings of this session">
            <SessionList />
          </section>
        )}
      </div>
      <Announcer />
    </IntakeProvider>
  );
}
