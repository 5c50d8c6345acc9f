/** The viewer's engine: the one door to Cornerstone, loaded when a film is first looked at. */
import { Enums, type Types } from "@cornerstonejs/core";

import type { FilmSource, FilmView } from "../film/film-view";
import { decodeDicom } from "./dicom-loader";
import { loadFilmOf } from "./film-image";
import { decodePicture } from "./picture-loader";
import { StackFilmView } from "./stack-film-view";
import { startEngine } from "./start";

export { chooseTool } from "./tools";

let nextNumber = 1;

/**
 * Shows a film in an element.
 *
 * The picture is loaded first: Cornerstone leaves the one before in place where loading fails.
 *
 * @throws The picture cannot be decoded, or `signal` was aborted.
 */
export async function openFilm(
  element: HTMLDivElement,
  { file, kind }: FilmSource,
  signal: AbortSignal,
): Promise<FilmView> {
  const engine = startEngine();
  const imageId = await loadFilmOf(file, kind === "dicom" ? decodeDicom : decodePicture);
  signal.throwIfAborted();
  const viewportId = `film-${nextNumber++}`;
  engine.enableElement({
    viewportId,
    type: Enums.ViewportType.STACK,
    element,
    defaultOptions: { background: [0, 0, 0] },
  });
  const viewport = engine.getViewport<Types.IStackViewport>(viewportId);
  try {
    await viewport.setStack([imageId]);
    signal.throwIfAborted();
    const drawn = new Promise((resolve) => {
      element.addEventListener(Enums.Events.IMAGE_RENDERED, resolve, { once: true });
    });
    const view = new StackFilmView(engine, viewport, element);
    await drawn;
    signal.throwIfAborted();
    return view;
  } catch (error) {
    engine.disableElement(viewportId);
    throw error;
  }
}
