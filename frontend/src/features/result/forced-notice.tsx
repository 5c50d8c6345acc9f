import { Icon } from "@/components/icon";
import type { Suitability } from "@/lib/api/types";
import { say } from "@/lib/words/catalogue";
import { forcedMark } from "@/lib/words/reading-words";

import styles from "./result.module.css";

/** The mark of a reading of an image that failed the suitability check. It cannot be closed. */
export function ForcedNotice({ suitability }: { readonly suitability: Suitability | null }) {
  const mark = forcedMark(suitability);
  if (mark === null) return null;
  return (
    <p className={styles.forced} role="note">
      <Icon name="alert" sizePx={18} />
      <span>
        <strong>{mark}</strong> {say("on_page", "forced")}
      </span>
    </p>
  );
}
