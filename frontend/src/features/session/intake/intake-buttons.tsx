import { Button } from "@mantine/core";

import { Icon } from "@/components/icon";

import styles from "./intake.module.css";
import { useIntake } from "./intake";

interface IntakeButtonsProps {
  readonly words: string;
  readonly size: "xs" | "sm" | "md";
  readonly variant: "filled" | "default";
}

export function IntakeButtons({ words, size, variant }: IntakeButtonsProps) {
  const { choose, chooseFolder, photograph } = useIntake();
  return (
    <div className={styles.buttons}>
      <Button size={size} variant={variant} leftSection={<Icon name="upload" />} onClick={choose}>
        {words}
      </Button>
      <Button
        size={size}
        variant="default"
        className={styles.folder ?? ""}
        leftSection={<Icon name="folder" />}
        onClick={chooseFolder}
      >
        {size === "xs" ? "Folder" : "Choose a folder"}
      </Button>
      <Button
        size={size}
        variant="default"
        className={styles.camera ?? ""}
        leftSection={<Icon name="camera" />}
        onClick={photograph}
      >
        Photograph
      </Button>
    </div>
  );
}
