import { useEffect, useRef } from "react";

import type { LayersState } from "@/features/layers";

import type { FilmSource, FilmView } from "../film/film-view";
import { type Point, toPicture } from "../film/geometry";
import { useSeen } from "../film/use-seen";
import { Overlay, type OverlayContent } from "../overlay/overlay";
import styles from "./pane.module.css";
import { useFilmView } from "./use-film-view";

export const LOUPE_PX = 208;
const TIMES = 2.5;

interface LoupeProps {
  readonly source: FilmSource;
  readonly view: FilmView;
  /** Where it looks at, in the viewport. */
  readonly at: Point;
  /** Where its middle is, in the viewport: above a finger, which would hide it. */
  readonly middle: Point;
  readonly content: OverlayContent | null;
  readonly layers: LayersState;
}

/** A round glass over the film: the same film once more, two and a half times as large. */
export function Loupe({ source, view, at, middle, content, layers }: LoupeProps) {
  const element = useRef<HTMLDivElement>(null);
  const opening = useFilmView(element, source);
  const glass = opening.kind === "open" ? opening.view : null;
  const main = useSeen(view);
  const seen = useSeen(glass);
  const [x, y] = at;
  useEffect(() => {
    if (!glass || !main) return;
    const { placement, window, matrix, isInverted } = main;
    glass.setOrientation(view.orientation());
    glass.setReadInverted(view.isReadInverted());
    glass.setInverted(isInverted);
    glass.setWindow(window);
    glass.place({ ...placement, scale: TIMES * placement.scale, centre: toPicture(matrix, [x, y]) });
  }, [glass, view, main, x, y]);
  return (
    <div
      className={styles.loupe}
      data-loupe
      data-open={glass !== null || undefined}
      style={{ left: middle[0] - LOUPE_PX / 2, top: middle[1] - LOUPE_PX / 2 }}
      aria-hidden
    >
      <div ref={element} className={styles.screen} />
      {seen && content && <Overlay {...content} matrix={seen.matrix} layers={layers} />}
    </div>
  );
}
