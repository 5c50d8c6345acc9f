import { Button } from "@mantine/core";
import { useState } from "react";

import { Icon } from "@/components/icon";
import { makeFile } from "@/lib/api/made-file";
import { ProblemError } from "@/lib/api/problem";

import { saveBlob } from "../download/save-text";
import styles from "./header-panel.module.css";

/** Saves the file without identity, and says what may be left in its pixels. */
export function DeidentifiedDownload({ file }: { readonly file: File }) {
  const [isUnderWay, setUnderWay] = useState(false);
  const [said, setSaid] = useState("Made by the server, which keeps nothing.");
  const save = async () => {
    setUnderWay(true);
    setSaid("");
    try {
      const { fileName, content, warning } = await makeFile("/deidentify", file);
      saveBlob(fileName ?? "deidentified.dcm", content);
      setSaid(warning ?? "Saved without identity. Its pixels are as they were.");
    } catch (error) {
      setSaid(error instanceof ProblemError ? error.problem.detail : "No answer came from the server.");
    } finally {
      setUnderWay(false);
    }
  };
  return (
    <div className={styles.download}>
      <Button
        size="xs"
        variant="default"
        loading={isUnderWay}
        leftSection={<Icon name="download" sizePx={14} />}
        onClick={() => {
          void save();
        }}
      >
        Download de-identified
      </Button>
      <span role="status">{said}</span>
    </div>
  );
}
