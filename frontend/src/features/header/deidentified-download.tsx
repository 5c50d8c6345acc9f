import { Button } from "@mantine/core";
import { useState } from "react";

import { Icon } from "@/components/icon";
import { useMadeFile } from "@/lib/download/use-made-file";

import styles from "./header-panel.module.css";

const ADDRESS = "/deidentify";
const UNCHANGED = "Saved without identity. Its pixels are as they were.";
const SEARCHED = "Saved without identity. The picture was searched for text.";

/** Saves the file without identity, and says what may be left in its pixels. */
export function DeidentifiedDownload({ file }: { readonly file: File }) {
  const { making, said, save } = useMadeFile(file);
  const [masksText, setMasksText] = useState(false);
  return (
    <div className={styles.download}>
      <Button
        size="xs"
        variant="default"
        loading={making !== null}
        leftSection={<Icon name="download" sizePx={14} />}
        onClick={() => {
          void save({
            address: masksText ? `${ADDRESS}?mask_text=true` : ADDRESS,
            fileName: "deidentified.dcm",
            saved: masksText ? SEARCHED : UNCHANGED,
          });
        }}
      >
        Download de-identified
      </Button>
      <label className={styles.option}>
        <input
          type="checkbox"
          checked={masksText}
          onChange={({ currentTarget }) => {
            setMasksText(currentTarget.checked);
          }}
        />
        Mask text in the picture
      </label>
      <span role="status">{said ?? "Made by the server, which keeps nothing."}</span>
    </div>
  );
}
