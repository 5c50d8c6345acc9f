import { Button, TextInput } from "@mantine/core";
import { useEffect, useMemo, useRef, useState } from "react";

import { Icon } from "@/components/icon";
import { type DicomFile, readHeader } from "@/lib/dicom/data-set";

import { DeidentifiedDownload } from "./deidentified-download";
import { headerFacts } from "./header-facts";
import styles from "./header-panel.module.css";
import { headerRows, matchingRows } from "./header-rows";
import { HeaderTable } from "./header-table";

interface HeaderPanelProps {
  readonly file: File;
  readonly onClose: () => void;
}

/**
 * A DICOM file's header. What may tell who was examined is hidden until asked for, and again as soon
 * as the panel closes; it never leaves the page.
 */
export function HeaderPanel({ file, onClose }: HeaderPanelProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [header, setHeader] = useState<DicomFile | "broken" | null>(null);
  const [withPatient, setWithPatient] = useState(false);
  const [sought, setSought] = useState("");
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  useEffect(() => {
    let isHere = true;
    readHeader(file).then(
      (found) => {
        if (isHere) setHeader(found);
      },
      () => {
        if (isHere) setHeader("broken");
      },
    );
    return () => {
      isHere = false;
    };
  }, [file]);
  const isRead = header !== null && header !== "broken";
  const rows = useMemo(
    () => (isRead ? headerRows(header.dataSet, { withPatient }) : []),
    [header, isRead, withPatient],
  );
  const shown = matchingRows(rows, sought);
  const hidden = rows.filter(({ value }) => value === null).length;
  return (
    <dialog ref={dialog} className={styles.panel} aria-label="DICOM header" onClose={onClose}>
      <div className={styles.head}>
        <h2 className={styles.title}>DICOM header</h2>
        <Button
          size="xs"
          variant="default"
          leftSection={<Icon name="close" sizePx={14} />}
          onClick={() => dialog.current?.close()}
        >
          Close
        </Button>
      </div>
      {header === "broken" && <p>This file&apos;s header cannot be read.</p>}
      {isRead && (
        <>
          <dl className={styles.facts} aria-label="Key attributes">
            {headerFacts(header).map(([name, words]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{words}</dd>
              </div>
            ))}
          </dl>
          <div className={styles.search}>
            <TextInput
              size="xs"
              type="search"
              aria-label="Search the header"
              placeholder="Tag, name or value"
              value={sought}
              onChange={({ currentTarget }) => {
                setSought(currentTarget.value);
              }}
            />
            <Button
              size="xs"
              variant="default"
              aria-pressed={withPatient}
              onClick={() => {
                setWithPatient(!withPatient);
              }}
            >
              {withPatient ? "Hide patient attributes" : "Show patient attributes"}
            </Button>
          </div>
          <p className={styles.note} role="status">
            {shown.length} of {rows.length} attributes
            {hidden > 0 && `, ${hidden} hidden: they may tell who was examined`}. Read on this page alone.
          </p>
          <DeidentifiedDownload file={file} />
          <HeaderTable rows={shown} />
        </>
      )}
    </dialog>
  );
}
