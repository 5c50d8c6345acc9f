import { useState } from "react";

import { Icon } from "@/components/icon";
import { byteSize } from "@/lib/format/figures";

import { Invitation } from "../intake/invitation";
import type { Entry } from "../session/entry";
import { isDrawable } from "../session/file-kind";
import { fileKindWords, viewWords } from "./film-words";
import styles from "./film-stage.module.css";

/** The radiograph on its dark ground, with what is known of the file in its corners. */
export function FilmStage({ entry }: { readonly entry: Entry | null }) {
  if (!entry) return <Invitation />;
  return <Film key={entry.id} entry={entry} />;
}

function Film({ entry }: { readonly entry: Entry }) {
  const [cannotDraw, setCannotDraw] = useState(false);
  const { file, fileKind, pictureUrl, state } = entry;
  const image = state.kind === "done" ? state.answer.image : null;
  return (
    <figure className={styles.stage}>
      {pictureUrl && !cannotDraw ? (
        <img
          src={pictureUrl}
          alt={`Radiograph ${file.name}`}
          className={styles.picture}
          onError={() => {
            setCannotDraw(true);
          }}
        />
      ) : (
        fileKind && (
          <p className={styles.placeholder}>
            <Icon name="film" sizePx={56} />
            <span>
              {isDrawable(fileKind)
                ? "The browser can't draw this picture."
                : fileKind === "unknown"
                  ? "No preview: this does not look like a picture."
                  : `No preview of ${fileKindWords[fileKind]} yet. The reading does not need it.`}
            </span>
          </p>
        )
      )}
      <figcaption className={styles.caption}>
        <span className={styles.name}>{file.name}</span>
        <span className={styles.facts}>
          <span>{fileKind ? fileKindWords[fileKind] : "…"}</span>
          <span>{byteSize(file.size)}</span>
          {image && (
            <>
              <span>
                {image.columns} × {image.rows} px
              </span>
              <span>{viewWords(image.view)}</span>
            </>
          )}
        </span>
      </figcaption>
    </figure>
  );
}
