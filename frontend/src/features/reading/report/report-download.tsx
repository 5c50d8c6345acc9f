import { ActionIcon, Button } from "@mantine/core";
import { useState } from "react";

import { Icon } from "@/components/icon";
import { makeFile } from "@/lib/api/made-file";
import { ProblemError } from "@/lib/api/problem";
import type { ReportFormat } from "@/lib/api/types";

import { saveBlob } from "../download/save-text";
import type { Entry } from "../session/entry";
import { useSessionSnapshot } from "../session/session-context";
import styles from "./report-download.module.css";
import { formsFor, reportAddress } from "./report-forms";

/** The reading as files for people and for a hospital's systems, made by the server when asked for. */
export function ReportDownload({ entry }: { readonly entry: Entry }) {
  const { operatingPoint } = useSessionSnapshot();
  const [making, setMaking] = useState<ReportFormat | null>(null);
  const [said, setSaid] = useState("");
  const { file, fileKind, isForced } = entry;

  const save = async (format: ReportFormat) => {
    setMaking(format);
    setSaid("");
    try {
      const made = await makeFile(reportAddress(format, { operatingPoint, isForced }), file);
      saveBlob(made.fileName ?? `hilum.${format}`, made.content);
      setSaid("Saved.");
    } catch (error) {
      setSaid(error instanceof ProblemError ? error.problem.detail : "No answer came from the server.");
    } finally {
      setMaking(null);
    }
  };
  return (
    <section className={styles.report} aria-labelledby="report">
      <h3 id="report" className={styles.title}>
        Report
      </h3>
      <p>One page, for the clinician and, in plain words, for the patient. It bears no name.</p>
      <div>
        <Button
          size="xs"
          variant="default"
          loading={making === "pdf"}
          disabled={making !== null}
          leftSection={<Icon name="download" sizePx={14} />}
          onClick={() => {
            void save("pdf");
          }}
        >
          Download as PDF
        </Button>
      </div>
      <details>
        <summary>For a hospital&rsquo;s systems</summary>
        <ul className={styles.forms}>
          {formsFor(fileKind).map(({ format, label, use }) => (
            <li key={format}>
              <span>
                {label}
                <span className={styles.use}> {use}</span>
              </span>
              <ActionIcon
                variant="default"
                aria-label={label}
                title={`Download: ${label}`}
                loading={making === format}
                disabled={making !== null}
                onClick={() => {
                  void save(format);
                }}
              >
                <Icon name="download" sizePx={14} />
              </ActionIcon>
            </li>
          ))}
        </ul>
        {fileKind === "dicom" && (
          <p className={styles.use}>
            What is made for the study bears its patient&rsquo;s name and identifiers, as the file does.
          </p>
        )}
      </details>
      <p role="status" className={styles.use}>
        {said}
      </p>
    </section>
  );
}
