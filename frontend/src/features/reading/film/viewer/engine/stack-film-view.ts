import { Enums, type RenderingEngine, type Types, utilities } from "@cornerstonejs/core";

import type { FilmView, Seen } from "../film-view";
import {
  fitted,
  isFitted,
  matrixFromCorners,
  type PictureSize,
  type Placement,
  placementOf,
  type Point,
  type Size,
  toPicture,
} from "../geometry";
import { changed, type GreyWindow, rangeOf, windowOf } from "../window";
import { addToTools, removeFromTools } from "./tools";

const { IMAGE_RENDERED } = Enums.Events;
/** A notch of a wheel, about 100 pixels of it, zooms by 16 %. */
const ZOOM_A_PIXEL = 0.0015;

type World = Types.Point3;

function plus(point: World, direction: World, times: number): World {
  return [point[0] + times * direction[0], point[1] + times * direction[1], point[2] + times * direction[2]];
}

function distance(a: World, b: World): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

/** A film in a stack viewport of Cornerstone's. */
export class StackFilmView implements FilmView {
  readonly picture: PictureSize;
  readonly firstWindow: GreyWindow;
  readonly #firstInvert: boolean;
  readonly #engine: RenderingEngine;
  readonly #viewport: Types.IStackViewport;
  readonly #element: HTMLDivElement;
  readonly #listeners = new Set<() => void>();
  readonly #resizes: ResizeObserver;
  #isReadInverted = false;
  #isInverted = false;
  #window: GreyWindow;
  #seen: Seen;

  constructor(engine: RenderingEngine, viewport: Types.IStackViewport, element: HTMLDivElement) {
    this.#engine = engine;
    this.#viewport = viewport;
    this.#element = element;
    const { rows, columns } = viewport.getCornerstoneImage();
    this.picture = { rows, columns };
    const { voiRange, invert } = viewport.getProperties();
    // Kept: Cornerstone's own reset shows MONOCHROME1 with its levels swapped.
    this.firstWindow = windowOf(voiRange ?? { lower: 0, upper: 255 });
    this.#firstInvert = invert ?? false;
    this.#window = this.firstWindow;
    this.#seen = this.#look();
    element.addEventListener(IMAGE_RENDERED, this.#onRendered);
    element.addEventListener("wheel", this.#onWheel, { passive: false });
    addToTools(element, viewport.id, engine.id, this);
    this.#resizes = new ResizeObserver(this.#onResize);
    this.#resizes.observe(element);
    this.reset();
  }

  get canvas(): HTMLCanvasElement {
    return this.#viewport.canvas;
  }

  readonly seen = (): Seen => this.#seen;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly place = ({ centre, scale, turned }: Placement): void => {
    const origin = this.#worldOf([0, 0]);
    const right = this.#worldOf([this.picture.columns, 0]);
    const bottom = this.#worldOf([0, this.picture.rows]);
    const [width, height] = [distance(origin, right), distance(origin, bottom)];
    const across = plus([0, 0, 0], plus(right, origin, -1), 1 / width);
    const down = plus([0, 0, 0], plus(bottom, origin, -1), 1 / height);
    const angle = (turned * Math.PI) / 180;
    const up = plus(plus([0, 0, 0], across, -Math.sin(angle)), down, -Math.cos(angle));
    const { viewPlaneNormal, focalPoint, position } = this.#viewport.getCamera();
    const focal = this.#worldOf(centre);
    const away = distance(focalPoint ?? focal, position ?? focal);
    this.#viewport.setCamera({
      focalPoint: focal,
      position: plus(focal, viewPlaneNormal ?? [0, 0, -1], away),
      viewUp: up,
      parallelScale: ((this.#element.clientHeight / 2 / scale) * width) / this.picture.columns,
    });
    this.#viewport.render();
  };

  readonly setWindow = (window: GreyWindow): void => {
    this.#window = window;
    this.#viewport.setProperties({ voiRange: rangeOf(window) });
    this.#viewport.render();
  };

  readonly changeWindow = (wider: number, brighter: number): void => {
    this.setWindow(changed(this.#window, this.firstWindow, { wider, brighter }, this.#invert()));
  };

  readonly setInverted = (isInverted: boolean): void => {
    this.#isInverted = isInverted;
    this.#viewport.setProperties({ invert: this.#invert() });
    this.#viewport.render();
  };

  readonly setReadInverted = (isReadInverted: boolean): void => {
    if (isReadInverted === this.#isReadInverted) return;
    this.#isReadInverted = isReadInverted;
    this.setInverted(this.#isInverted);
  };

  readonly isReadInverted = (): boolean => this.#isReadInverted;

  readonly reset = (): void => {
    this.setInverted(false);
    this.setWindow(this.firstWindow);
    this.place(fitted(this.picture, this.#size()));
  };

  readonly close = (): void => {
    this.#resizes.disconnect();
    this.#listeners.clear();
    this.#element.removeEventListener(IMAGE_RENDERED, this.#onRendered);
    this.#element.removeEventListener("wheel", this.#onWheel);
    removeFromTools(this.#element, this.#viewport.id, this.#engine.id);
    this.#engine.disableElement(this.#viewport.id);
  };

  #invert(): boolean {
    return [this.#firstInvert, this.#isReadInverted, this.#isInverted].filter(Boolean).length % 2 === 1;
  }

  /** Cornerstone's place of a picture point; its indices are of the pixels' middles. */
  #worldOf([x, y]: Point): World {
    const index: World = [x - 0.5, y - 0.5, 0];
    return utilities.transformIndexToWorld(this.#viewport.getImageData().imageData, index) as World;
  }

  #size(): Size {
    return { width: this.#element.clientWidth, height: this.#element.clientHeight };
  }

  #look(): Seen {
    const { columns, rows } = this.picture;
    const onScreen = (corner: Point): Point => this.#viewport.worldToCanvas(this.#worldOf(corner));
    const matrix = matrixFromCorners(
      this.picture,
      onScreen([0, 0]),
      onScreen([columns, 0]),
      onScreen([0, rows]),
    );
    const viewport = this.#size();
    return {
      matrix,
      viewport,
      placement: placementOf(matrix, viewport),
      window: this.#window,
      isInverted: this.#isInverted,
    };
  }

  readonly #onRendered = (): void => {
    this.#seen = this.#look();
    for (const listener of this.#listeners) listener();
  };

  readonly #onResize = (): void => {
    const { placement, viewport: before } = this.#seen;
    const size = this.#size();
    if (size.width === 0 || size.height === 0) return;
    if (size.width === before.width && size.height === before.height) return;
    this.#engine.resize(true, true);
    const fit = fitted(this.picture, size, placement.turned);
    const isWhole = before.width === 0 || isFitted(placement, this.picture, before);
    const grown = fit.scale / fitted(this.picture, before, placement.turned).scale;
    this.place(isWhole ? fit : { ...placement, scale: placement.scale * grown });
  };

  /** Zooms about the pointer. */
  readonly #onWheel = (event: WheelEvent): void => {
    event.preventDefault();
    const { matrix, placement } = this.#seen;
    const { left, top } = this.#element.getBoundingClientRect();
    const [x, y] = toPicture(matrix, [event.clientX - left, event.clientY - top]);
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 33 : 1;
    const factor = Math.exp(-ZOOM_A_PIXEL * lines * event.deltaY);
    const [cx, cy] = placement.centre;
    this.place({
      ...placement,
      scale: placement.scale * factor,
      centre: [x + (cx - x) / factor, y + (cy - y) / factor],
    });
  };
}
