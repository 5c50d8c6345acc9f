import { ActionIcon } from "@mantine/core";

import { Icon } from "@/components/icon";

import { inReadingOrder } from "../files/reading-order";
import { useSession, useSessionSnapshot } from "../store/session-context";
import styles from "./film-steps.module.css";

/** The film before and the one after, for narrow screens, where the list lies below the reading. */
export function FilmSteps() {
  const session = useSession();
  const { entries: all, selectedId } = useSessionSnapshot();
  const entries = inReadingOrder(all);
  const at = entries.findIndex(({ id }) => id === selectedId);
  const selected = entries[at];
  if (entries.length < 2 || !selected) return null;
  const step = (by: number, words: string) => {
    const entry = entries[at + by];
    return (
      <ActionIcon
        variant="default"
        size="lg"
        aria-label={words}
        // Not `disabled`: the keyboard would lose its place at either end.
        aria-disabled={!entry}
        {...(entry ? {} : { "data-disabled": true })}
        onClick={() => {
          if (entry) session.select(entry.id);
        }}
      >
        <Icon name={by < 0 ? "previous" : "next"} />
      </ActionIcon>
    );
  };
  return (
    <nav className={styles.steps} aria-label="Films">
      {step(-1, "Previous film")}
      <span className={styles.at}>
        <span className={styles.name}>{selected.file.name}</span>
        <span>
          {at + 1} of {entries.length}
        </span>
      </span>
      {step(1, "Next film")}
    </nav>
  );
}
