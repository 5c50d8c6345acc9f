import { Button, Progress } from "@mantine/core";

import type { EntryState } from "@/features/session";

import styles from "./result.module.css";

interface UploadProgressProps {
  readonly fileName: string;
  readonly state: Extract<EntryState, { kind: "queued" | "sending" | "reading" }>;
  readonly onCancel: () => void;
}

const titles = { queued: "Waiting for its turn", sending: "Sending", reading: "Reading" };

export function UploadProgress({ fileName, state, onCancel }: UploadProgressProps) {
  const percent =
    state.kind === "sending" ? Math.round(state.share * 100) : state.kind === "reading" ? 100 : 0;
  return (
    <div className={styles.stack}>
      <h2>
        {titles[state.kind]}
        {state.kind === "sending" && ` ${percent} %`}
      </h2>
      <Progress.Root size="md">
        <Progress.Section
          value={percent}
          aria-label={`Upload of ${fileName}`}
          animated={state.kind === "reading"}
          striped={state.kind === "reading"}
        />
      </Progress.Root>
      <div>
        <Button variant="default" onClick={onCancel}>
          Cancel
        </Button>
      </div>
    </div>
  );
}
