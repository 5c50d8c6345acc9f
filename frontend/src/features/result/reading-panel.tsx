import { Button } from "@mantine/core";

import { Icon } from "@/components/icon";
import { answeredOf, type Entry, useSession } from "@/features/session";

import { ProblemPanel } from "./problem/problem-panel";
import { ReadingResult } from "./reading-result";
import styles from "./result.module.css";
import { UploadProgress } from "./upload-progress";

/** What is known of the selected radiograph: how far it is, its reading, or why there is none. */
export function ReadingPanel({ entry }: { readonly entry: Entry }) {
  const session = useSession();
  const { id, file, state } = entry;
  const retry = () => {
    session.retry(id);
  };
  const answered = answeredOf(entry);
  if (answered) {
    return <ReadingResult entry={entry} answered={answered} />;
  }
  switch (state.kind) {
    case "queued":
    case "sending":
    case "reading":
      return (
        <UploadProgress
          fileName={file.name}
          state={state}
          onCancel={() => {
            session.cancel(id);
          }}
        />
      );
    case "cancelled":
      return (
        <div className={styles.stack}>
          <h2>Cancelled</h2>
          <p>This radiograph was not read.</p>
          <div>
            <Button leftSection={<Icon name="retry" />} onClick={retry}>
              Read it after all
            </Button>
          </div>
        </div>
      );
    case "skipped":
      return (
        <div className={styles.stack}>
          <h2>Not read</h2>
          <p>
            This DICOM file holds {state.holds}, not one radiograph. It stayed on this page: nothing of it was
            sent.
          </p>
        </div>
      );
    case "failed":
      return (
        <ProblemPanel
          error={state.error}
          onRetry={retry}
          onReadForced={() => {
            session.readForced(id);
          }}
          onReadTurned={
            entry.isTurned
              ? null
              : () => {
                  session.readTurned(id);
                }
          }
        />
      );
    case "done":
      return null;
  }
}
