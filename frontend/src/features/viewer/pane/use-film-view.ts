import { type RefObject, useEffect, useLayoutEffect, useState } from "react";

import type { FilmSource, FilmView, Seen, Tool } from "../film/film-view";
import { fitted, type Matrix, matrixOf, type PictureSize, type Size } from "../film/geometry";

type Engine = typeof import("../engine");

/** Cornerstone, fetched when a film is first looked at and kept for all others. */
let loaded: Engine | null = null;
const engine = async (): Promise<Engine> => (loaded ??= await import("../engine"));

export type Opening =
  | { readonly kind: "opening" }
  | { readonly kind: "open"; readonly view: FilmView }
  | { readonly kind: "failed" };

/** Opens a film in an element, for as long as the component is there. */
export function useFilmView(element: RefObject<HTMLDivElement | null>, { file, kind }: FilmSource): Opening {
  const [opening, setOpening] = useState<Opening>({ kind: "opening" });
  useEffect(() => {
    const flight = new AbortController();
    let view: FilmView | null = null;
    const open = async () => {
      const { openFilm } = await engine();
      flight.signal.throwIfAborted();
      if (!element.current) return;
      view = await openFilm(element.current, { file, kind }, flight.signal);
      setOpening({ kind: "open", view });
    };
    open().catch(() => {
      if (!flight.signal.aborted) setOpening({ kind: "failed" });
    });
    return () => {
      flight.abort();
      view?.close();
      setOpening({ kind: "opening" });
    };
  }, [element, file, kind]);
  return opening;
}

/** Has the main mouse button do what the chosen tool does. */
export function useTool(tool: Tool): void {
  useLayoutEffect(() => {
    if (loaded) {
      // At once: a drag may follow on the key press.
      loaded.chooseTool(tool);
      return;
    }
    engine()
      .then(({ chooseTool }) => {
        chooseTool(tool);
      })
      // Without the engine there is nothing to do on: the panes say so.
      .catch(() => undefined);
  }, [tool]);
}

/** An element's size in CSS pixels. */
export function useSize(element: RefObject<HTMLElement | null>): Size {
  const [size, setSize] = useState<Size>({ width: 0, height: 0 });
  useEffect(() => {
    const { current } = element;
    if (!current) return;
    const observer = new ResizeObserver(() => {
      setSize({ width: current.clientWidth, height: current.clientHeight });
    });
    observer.observe(current);
    return () => {
      observer.disconnect();
    };
  }, [element]);
  return size;
}

/** Where the picture lies: as the viewer has it, before that as a plain picture fits. */
export function matrixNow(seen: Seen | null, picture: PictureSize, size: Size): Matrix {
  return seen?.matrix ?? matrixOf(fitted(picture, size), size);
}
