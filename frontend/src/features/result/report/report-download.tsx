import { ActionIcon, Button } from "@mantine/core";

import { Icon } from "@/components/icon";
import { type Entry, useSessionSnapshot } from "@/features/session";
import type { ReportFormat } from "@/lib/api/types";
import { useMadeFile } from "@/lib/download/use-made-file";

import styles from "./report-download.module.css";
import { formsFor, reportAddress } from "./report-forms";

interface ReportDownloadProps {
  readonly entry: Entry;
  /** The addresses of the models that read it, the main one first. */
  readonly models: readonly string[];
}

/** The reading as files for people and for a hospital's systems, made by the server when asked for. */
export function ReportDownload({ entry, models }: ReportDownloadProps) {
  const { operatingPoint } = useSessionSnapshot();
  const { file, fileKind, isForced, isTurned } = entry;

  const { making, said, save } = useMadeFile(file);
  const addressOf = (format: ReportFormat) =>
    reportAddress(format, { models, operatingPoint, isForced, isTurned });
  const saveAs = (format: ReportFormat) => () => {
    void save({ address: addressOf(format), fileName: `hilum.${format}`, saved: "Saved." });
  };

  return (
    <section className={styles.report} aria-labelledby="report">
      <h3 id="report" className={styles.title}>
        Report
      </h3>
      <p>
        One page, or two for many findings, for the clinician and, in plain words, for the patient. It does
        not name the patient.
      </p>
      <div>
        <Button
          size="xs"
          variant="default"
          loading={making === addressOf("pdf")}
          disabled={making !== null}
          leftSection={<Icon name="download" sizePx={14} />}
          onClick={saveAs("pdf")}
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
                loading={making === addressOf(format)}
                disabled={making !== null}
                onClick={saveAs(format)}
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
