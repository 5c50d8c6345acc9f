import { Button, Progress } from "@mantine/core";

import { leftOutWords } from "../files/left-out-words";
import { isUnderWay } from "../store/entry";
import { useSession, useSessionSnapshot } from "../store/session-context";
import styles from "./gather-progress.module.css";

/** How far a folder, an archive or many files have got, with a way to stop; then what was left out. */
export function GatherProgress() {
  const session = useSession();
  const { entries, inspectedCount, leftOut } = useSessionSnapshot();
  const read = entries.filter(({ state }) => !isUnderWay(state)).length;
  const isReading = entries.length > 1 && read < entries.length;
  const notes = leftOutWords(leftOut);
  return (
    <div className={styles.progress} data-busy={inspectedCount !== null || isReading || undefined}>
      {(inspectedCount !== null || isReading) && (
        <>
          <span>
            {inspectedCount === null
              ? `${read} of ${entries.length} read`
              : `Looking through: ${inspectedCount} files`}
          </span>
          <Button size="compact-xs" variant="default" onClick={session.stop}>
            Stop
          </Button>
          {inspectedCount === null && (
            <Progress
              value={(100 * read) / entries.length}
              size="xs"
              className={styles.bar ?? ""}
              aria-label="Files read"
            />
          )}
        </>
      )}
      <div className={styles.notes} role="status" aria-label="Left out">
        {notes.map((note) => (
          <p key={note}>{note}</p>
        ))}
      </div>
    </div>
  );
}
