import { Icon } from "@/components/icon";
import type { ReadingAnswer } from "@/lib/api/types";
import { say } from "@/lib/words/catalogue";
import { sidesMark } from "@/lib/words/side-words";

import styles from "./result.module.css";

/** Why these models read the film, and what was noticed of the picture and mended, each thing once. */
function notesOf({ image, suitability, selection }: ReadingAnswer): string[] {
  const notes = suitability ? suitability.notes.map(({ words }) => words) : [say("on_page", "not_screened")];
  const sides = sidesMark(image);
  const models = selection === null ? [] : [selection.words];
  return [...new Set([...models, ...(sides === null ? [] : [sides]), ...notes, ...image.warnings])];
}

/** What the reader of a reading should know of its picture. */
export function PictureNotes({ answer }: { readonly answer: ReadingAnswer }) {
  const notes = notesOf(answer);
  if (notes.length === 0) return null;
  return (
    <ul className={styles.notes} aria-label="Notes on the picture">
      {notes.map((note) => (
        <li key={note}>
          <Icon name="info" />
          <span>{note}</span>
        </li>
      ))}
    </ul>
  );
}
