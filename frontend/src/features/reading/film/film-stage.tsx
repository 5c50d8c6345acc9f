import { useState } from "react";

import { Icon } from "@/components/icon";
import { byteSize } from "@/lib/format/figures";

import { Invitation } from "../intake/invitation";
import { answeredOf, type Entry } from "../session/entry";
import { fileKindWords, noPreviewWords, viewWords, wasInverted } from "./film-words";
import styles from "./film-stage.module.css";
import { LayeredPicture } from "./layered-picture";

/** The radiograph on its dark ground, with what is known of the file in its corners. */
export function FilmStage({ entry }: { readonly entry: Entry | null }) {
  if (!entry) return <Invitation />;
  return <Film key={entry.id} entry={entry} />;
}

function Film({ entry }: { readonly entry: Entry }) {
  const [cannotDraw, setCannotDraw] = useState(false);
  const { file, fileKind, pictureUrl } = entry;
  const answer = answeredOf(entry)?.answer ?? null;
  const isDrawn = pictureUrl !== null && !cannotDraw;
  return (
    <figure className={styles.stage}>
      {isDrawn ? (
        <LayeredPicture
          url={pictureUrl}
          fileName={file.name}
          answer={answer}
          onCannotDraw={() => {
            setCannotDraw(true);
          }}
        />
      ) : (
        fileKind && (
          <p className={styles.placeholder}>
            <Icon name="film" sizePx={56} />
            <span>{noPreviewWords(fileKind)}</span>
          </p>
        )
      )}
      <figcaption className={styles.caption}>
        <span className={styles.name}>{file.name}</span>
        <span className={styles.facts}>
          <span>{fileKind ? fileKindWords[fileKind] : "…"}</span>
          <span>{byteSize(file.size)}</span>
          {answer && (
            <>
              <span>
                {answer.image.columns} × {answer.image.rows} px
              </span>
              <span>{viewWords(answer.image.view)}</span>
              {isDrawn && wasInverted(answer) && <span>Shown inverted, as it was read</span>}
            </>
          )}
        </span>
      </figcaption>
    </figure>
  );
}
