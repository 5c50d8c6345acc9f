import { createContext, type ReactNode, use, useRef } from "react";
import { useDropzone } from "react-dropzone";

import { useSession } from "../store/session-context";
import styles from "./intake.module.css";
import { usePastedFiles } from "./use-pasted-files";

/** What the file chooser offers first. A hint alone: the server tells a file by its bytes. */
const OFFERED =
  ".jpg,.jpeg,.png,.webp,.tif,.tiff,.bmp,.heic,.heif,.avif,.jp2,.j2k,.jxl,.dcm,.dicom,.zip," +
  "image/*,application/dicom,application/zip";

/** An attribute that all browsers know and React's types do not. */
const WHOLE_FOLDER = { webkitdirectory: "" };

interface Intake {
  readonly choose: () => void;
  readonly chooseFolder: () => void;
  readonly photograph: () => void;
}

const IntakeContext = createContext<Intake | null>(null);

export function useIntake(): Intake {
  const intake = use(IntakeContext);
  if (!intake) throw new Error("useIntake needs an IntakeProvider above it.");
  return intake;
}

/** Takes in files dropped anywhere on the page, pasted, chosen or photographed. */
export function IntakeProvider({ children }: { readonly children: ReactNode }) {
  const session = useSession();
  const camera = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const take = (files: readonly File[]) => {
    void session.take(files);
  };
  const { getRootProps, getInputProps, isDragActive, open } = useDropzone({
    onDrop: (files) => {
      take(files);
    },
    noClick: true,
    noKeyboard: true,
  });
  usePastedFiles(session.add);

  const intake: Intake = {
    choose: open,
    chooseFolder: () => folder.current?.click(),
    photograph: () => camera.current?.click(),
  };
  return (
    <IntakeContext value={intake}>
      <div {...getRootProps({ role: undefined, tabIndex: undefined, className: styles.root })}>
        <input
          {...getInputProps({ accept: OFFERED, "aria-label": "Choose radiographs", "aria-hidden": true })}
        />
        <input
          ref={camera}
          type="file"
          accept="image/*"
          capture="environment"
          hidden
          aria-hidden
          tabIndex={-1}
          data-intake="camera"
          onChange={(event) => {
            session.add([...(event.target.files ?? [])]);
            event.target.value = "";
          }}
        />
        <input
          ref={folder}
          type="file"
          {...WHOLE_FOLDER}
          hidden
          aria-hidden
          tabIndex={-1}
          data-intake="folder"
          onChange={(event) => {
            take([...(event.target.files ?? [])]);
            event.target.value = "";
          }}
        />
        {children}
        {isDragActive && <p className={styles.dropHint}>Drop to read</p>}
      </div>
    </IntakeContext>
  );
}
