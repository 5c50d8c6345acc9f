import { Button } from "@mantine/core";

import { Icon } from "@/components/icon";
import { useMadeFile } from "@/lib/download/use-made-file";

import styles from "./header-panel.module.css";

const DEIDENTIFIED = {
  address: "/deidentify",
  fileName: "deidentified.dcm",
  saved: "Saved without identity. Its pixels are as they were.",
};

/** Saves the file without identity, and says what may be left in its pixels. */
export function DeidentifiedDownload({ file }: { readonly file: File }) {
  const { making, said, save } = useMadeFile(file);
  return (
    <div className={styles.download}>
      <Button
        size="xs"
        variant="default"
        loading={making !== null}
        leftSection={<Icon name="download" sizePx={14} />}
        onClick={() => {
          void save(DEIDENTIFIED);
        }}
      >
        Download de-identified
      </Button>
      <span role="status">{said ?? "Made by the server, which keeps nothing."}</span>
    </div>
  );
}
