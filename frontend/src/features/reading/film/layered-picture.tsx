import { type CSSProperties, useState } from "react";

import type { ReadingAnswer } from "@/lib/api/types";

import { wasInverted } from "./film-words";
import styles from "./film-stage.module.css";
import { AnatomyLayers } from "./layers/anatomy-layers";
import { LayerSwitches } from "./layers/layer-switches";
import { layersOf } from "./layers/layers";

interface LayeredPictureProps {
  readonly url: string;
  readonly fileName: string;
  /** Null until the radiograph has been read. */
  readonly answer: ReadingAnswer | null;
  readonly onCannotDraw: () => void;
}

interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** The picture as the browser draws it, and over it what was measured, to be switched on and off. */
export function LayeredPicture({ url, fileName, answer, onCannotDraw }: LayeredPictureProps) {
  const [drawn, setDrawn] = useState<Size | null>(null);
  const layers = answer ? layersOf(answer) : [];
  // Drawn in another size than it was read in, a point would not lie where it was found.
  const isAsRead =
    !drawn || !answer || (drawn.columns === answer.image.columns && drawn.rows === answer.image.rows);
  return (
    <>
      <div className={styles.film}>
        <img
          src={url}
          alt={`Radiograph ${fileName}`}
          className={styles.picture}
          data-inverted={wasInverted(answer) || undefined}
          onError={onCannotDraw}
          onLoad={({ currentTarget: { naturalWidth: columns, naturalHeight: rows } }) => {
            setDrawn({ columns, rows });
          }}
        />
        {answer?.anatomy && isAsRead && (
          <div
            className={styles.over}
            style={{ "--width-to-height": answer.image.columns / answer.image.rows } as CSSProperties}
          >
            <AnatomyLayers anatomy={answer.anatomy} image={answer.image} />
          </div>
        )}
      </div>
      {isAsRead ? (
        <LayerSwitches layers={layers} />
      ) : (
        layers.length > 0 && (
          <p className={styles.noLayers}>
            This browser draws the file in another size than it was read in, so no layers lie over it.
          </p>
        )
      )}
    </>
  );
}
