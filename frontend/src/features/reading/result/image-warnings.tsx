import { Icon } from "@/components/icon";
import type { ReadingAnswer } from "@/lib/api/types";

import styles from "./result.module.css";

/** What the server noticed about the picture that may bear on the reading. */
export function ImageWarnings({ image }: { readonly image: ReadingAnswer["image"] }) {
  if (image.warnings.length === 0) return null;
  return (
    <ul className={styles.warnings} aria-label="Warnings about the picture">
      {image.warnings.map((warning) => (
        <li key={warning}>
          <Icon name="alert" />
          <span>{warning}</span>
        </li>
      ))}
    </ul>
  );
}
