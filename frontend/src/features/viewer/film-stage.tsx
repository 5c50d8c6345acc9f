import { type ComponentType, createElement, useEffect, useState } from "react";

import { Icon } from "@/components/icon";
import { HeaderButton } from "@/features/header";
import { answerOf, type Entry, Invitation, isDrawable, isUnderWay } from "@/features/session";
import { byteSize } from "@/lib/format/figures";
import { capitalised, viewWords } from "@/lib/words/catalogue";

import { canBeViewed } from "./can-be-viewed";
import styles from "./film-stage.module.css";
import { cannotDrawWords, fileKindWords, wasInverted } from "./film/film-words";

type Viewer = ComponentType<{ readonly entry: Entry }>;

/**
 * The viewer, fetched when a film is first looked at; null until it is there.
 *
 * Not by `lazy`, whose failure would take the page down with it, and the session with the page: the
 * plain picture stays, and the next film or the next reading tries again.
 */
function useViewer(entry: Entry | null): Viewer | null {
  const [viewer, setViewer] = useState<Viewer | null>(null);
  const isWanted = entry !== null && canBeViewed(entry);
  const [id, state] = [entry?.id, entry?.state.kind];
  useEffect(() => {
    if (!isWanted || viewer) return;
    import("./viewer").then(
      ({ Viewer }) => {
        setViewer(() => Viewer);
      },
      () => undefined,
    );
  }, [isWanted, viewer, id, state]);
  return isWanted ? viewer : null;
}

/** The radiograph on its dark ground, with what is known of the file below it. */
export function FilmStage({ entry }: { readonly entry: Entry | null }) {
  const viewer = useViewer(entry);
  if (!entry) return <Invitation />;
  const { file, fileKind } = entry;
  const answer = answerOf(entry);
  return (
    <figure className={styles.stage}>
      {createElement(viewer ?? PlainPicture, { entry })}
      <figcaption className={styles.caption}>
        <span className={styles.name}>{file.name}</span>
        <span className={styles.facts}>
          <span>{fileKind ? fileKindWords[fileKind] : "…"}</span>
          <span>{byteSize(file.size)}</span>
          {fileKind === "dicom" && <HeaderButton key={entry.id} file={file} />}
          {answer && (
            <>
              <span>
                {answer.image.columns} × {answer.image.rows} px
              </span>
              <span>{capitalised(viewWords(answer.image))}</span>
              {canBeViewed(entry) && wasInverted(answer) && <span>Shown inverted, as it was read</span>}
            </>
          )}
        </span>
      </figcaption>
    </figure>
  );
}

/** What stands in the viewer's place until it is there, or for good where it can't draw the file. */
function PlainPicture({ entry }: { readonly entry: Entry }) {
  const { file, fileKind, pictureUrl, state } = entry;
  if (pictureUrl) {
    return (
      <div className={styles.film}>
        <img
          src={pictureUrl}
          alt={`Radiograph ${file.name}`}
          className={styles.picture}
          data-inverted={wasInverted(answerOf(entry)) || undefined}
        />
      </div>
    );
  }
  if (!fileKind || isDrawable(fileKind)) return null;
  const isComing = fileKind === "dicom" && isUnderWay(state);
  return (
    <p className={styles.placeholder}>
      <Icon name="film" sizePx={56} />
      <span>
        {isComing || canBeViewed(entry)
          ? "The film opens when it is read."
          : state.kind === "skipped"
            ? `This DICOM file holds ${state.holds}, not one radiograph.`
            : cannotDrawWords(fileKind)}
      </span>
    </p>
  );
}
