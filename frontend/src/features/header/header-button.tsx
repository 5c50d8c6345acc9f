import { Button } from "@mantine/core";
import { type ComponentType, useState } from "react";

import { Icon } from "@/components/icon";

import styles from "./header-button.module.css";

type Panel = ComponentType<{ readonly file: File; readonly onClose: () => void }>;

/** Opens a DICOM file's header; the panel is fetched when it is first asked for. */
export function HeaderButton({ file }: { readonly file: File }) {
  const [Panel, setPanel] = useState<Panel | null>(null);
  const [isOpen, setOpen] = useState(false);
  const open = () => {
    setOpen(true);
    if (Panel) return;
    import("./header-panel").then(
      ({ HeaderPanel }) => {
        setPanel(() => HeaderPanel);
      },
      () => {
        // Not to be had just now: the next press tries again.
        setOpen(false);
      },
    );
  };
  return (
    <>
      <Button
        size="compact-xs"
        variant="default"
        className={styles.button ?? ""}
        leftSection={<Icon name="header" sizePx={13} />}
        aria-haspopup="dialog"
        onClick={open}
      >
        Header
      </Button>
      {isOpen && Panel && (
        <Panel
          file={file}
          onClose={() => {
            setOpen(false);
          }}
        />
      )}
    </>
  );
}
