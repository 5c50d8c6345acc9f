import { Enums, type RenderingEngine, type Types, utilities } from "@cornerstonejs/core";

import {
  laidDirections,
  laidSize,
  type Orientation,
  orientationByHeader,
  toStored,
} from "@/lib/dicom/orientation";
import type { PatientOrientation } from "@/lib/dicom/patient-orientation";
import { type GreyWindow, transferOf, type VoiCurve, type WindowPreset } from "@/lib/dicom/voi-curve";

import type { FilmView, Seen } from "../film/film-view";
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
  upOf,
} from "../film/geometry";
import type { Measurement } from "../film/measurement";
import { changed } from "../film/window";
import { factsOf, type FilmFacts } from "./film-image";
import { measurementsOf, onMeasurements, removeAllMeasurements, removeMeasurement } from "./measurements";
import { addToTools, removeFromTools } from "./tools";
import { applyTransfer } from "./transfer";

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
  readonly facts: FilmFacts;
  readonly #engine: RenderingEngine;
  readonly #viewport: Types.IStackViewport;
  readonly #element: HTMLDivElement;
  readonly #listeners = new Set<() => void>();
  readonly #resizes: ResizeObserver;
  /** Towards who looks at the film from its front. */
  readonly #front: World;
  readonly #imageId: string;
  #measurements: readonly Measurement[] = [];
  #orientation: Orientation;
  #isReadInverted = false;
  #isInverted = false;
  #window: GreyWindow;
  #curve: VoiCurve;
  #seen: Seen;

  constructor(engine: RenderingEngine, viewport: Types.IStackViewport, element: HTMLDivElement) {
    this.#engine = engine;
    this.#viewport = viewport;
    this.#element = element;
    this.#imageId = viewport.getCurrentImageId();
    const facts = factsOf(this.#imageId);
    if (!facts) throw new Error("The viewport shows no film.");
    this.facts = facts;
    this.#orientation = orientationByHeader(facts.orientation);
    this.#window = facts.presets[0].window;
    this.#curve = facts.presets[0].curve;
    this.#front = viewport.getCamera().viewPlaneNormal ?? [0, 0, -1];
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

  get picture(): PictureSize {
    return laidSize(this.#orientation, this.facts);
  }

  get presets(): FilmView["presets"] {
    return this.facts.presets;
  }

  get firstWindow(): GreyWindow {
    return this.facts.presets[0].window;
  }

  readonly seen = (): Seen => this.#seen;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly place = (placement: Placement): void => {
    const { centre, scale } = placement;
    const origin = this.#worldOf([0, 0]);
    const right = this.#worldOf([this.picture.columns, 0]);
    const bottom = this.#worldOf([0, this.picture.rows]);
    const [width, height] = [distance(origin, right), distance(origin, bottom)];
    const across = plus([0, 0, 0], plus(right, origin, -1), 1 / width);
    const down = plus([0, 0, 0], plus(bottom, origin, -1), 1 / height);
    const [upAcross, upDown] = upOf(placement);
    const up = plus(plus([0, 0, 0], across, upAcross), down, upDown);
    const { focalPoint, position } = this.#viewport.getCamera();
    // A mirrored film is looked at from behind.
    const isBehind = (placement.isFlipped ?? false) !== this.#orientation.isMirrored;
    const viewPlaneNormal = plus([0, 0, 0], this.#front, isBehind ? -1 : 1);
    const focal = this.#worldOf(centre);
    const away = distance(focalPoint ?? focal, position ?? focal);
    this.#viewport.setCamera({
      focalPoint: focal,
      position: plus(focal, viewPlaneNormal, away),
      viewPlaneNormal,
      viewUp: up,
      parallelScale: ((this.#element.clientHeight / 2 / scale) * width) / this.picture.columns,
    });
    this.#viewport.render();
  };

  readonly setWindow = (window: GreyWindow): void => {
    this.#window = window;
    this.#show();
  };

  readonly usePreset = ({ window, curve }: WindowPreset): void => {
    this.#curve = curve;
    this.setWindow(window);
  };

  readonly valueAt = (point: Point): number | null => {
    const [column, row] = this.#stored(point).map(Math.floor) as [number, number];
    const { columns, rows } = this.facts;
    if (column < 0 || row < 0 || column >= columns || row >= rows) return null;
    return this.#viewport.getCornerstoneImage().getPixelData()[row * columns + column] ?? null;
  };

  readonly changeWindow = (wider: number, brighter: number): void => {
    this.setWindow(changed(this.#window, this.firstWindow, { wider, brighter }, this.#invert()));
  };

  readonly setInverted = (isInverted: boolean): void => {
    this.#isInverted = isInverted;
    this.#show();
  };

  readonly setReadInverted = (isReadInverted: boolean): void => {
    if (isReadInverted === this.#isReadInverted) return;
    this.#isReadInverted = isReadInverted;
    this.setInverted(this.#isInverted);
  };

  readonly orientation = (): Orientation => this.#orientation;

  readonly directions = (): PatientOrientation | null =>
    this.facts.orientation && laidDirections(this.#orientation, this.facts.orientation);

  readonly setOrientation = (orientation: Orientation | null): void => {
    const { isMirrored, quarterTurns } = orientation ?? orientationByHeader(this.facts.orientation);
    const before = this.#orientation;
    if (isMirrored === before.isMirrored && quarterTurns === before.quarterTurns) return;
    this.#orientation = { isMirrored, quarterTurns };
    this.place(fitted(this.picture, this.#size()));
  };

  readonly isReadInverted = (): boolean => this.#isReadInverted;

  readonly measurements = (): readonly Measurement[] => this.#measurements;

  readonly subscribeMeasurements = (listener: () => void): (() => void) => {
    const look = () => {
      this.#measurements = measurementsOf(this.#imageId);
      listener();
    };
    look();
    return onMeasurements(look);
  };

  readonly removeMeasurement = (id: string): void => {
    removeMeasurement(id);
    this.#viewport.render();
  };

  readonly removeMeasurements = (): void => {
    removeAllMeasurements(this.#imageId);
    this.#viewport.render();
  };

  readonly reset = (): void => {
    this.#isInverted = false;
    this.usePreset(this.facts.presets[0]);
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

  #show(): void {
    applyTransfer(this.#viewport, transferOf(this.#curve, this.#window), this.#invert());
    this.#viewport.render();
  }

  #invert(): boolean {
    return [this.facts.isInverse, this.#isReadInverted, this.#isInverted].filter(Boolean).length % 2 === 1;
  }

  #stored(point: Point): Point {
    return toStored(this.#orientation, point, this.picture);
  }

  /** Cornerstone's place of a picture point; its indices are of the stored pixels' middles. */
  #worldOf(point: Point): World {
    const [x, y] = this.#stored(point);
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
      curve: this.#curve,
      isInverted: this.#isInverted,
    };
  }

  readonly #onRendered = (): void => {
    // A frame may draw the film after its element has another size and before that is observed.
    if (!this.#isResized()) this.#update();
  };

  #update(): void {
    this.#seen = this.#look();
    for (const listener of this.#listeners) listener();
  }

  /** The element has another size than the film was last placed in. */
  #isResized(): boolean {
    const { width, height } = this.#size();
    const { viewport } = this.#seen;
    return width !== viewport.width || height !== viewport.height;
  }

  readonly #onResize = (): void => {
    const { width, height } = this.#size();
    if (width === 0 || height === 0) return;
    if (this.#isResized()) this.#placeAgain();
    this.#update();
  };

  /** In the element's new size: a film that was seen whole is seen whole, another as far zoomed. */
  #placeAgain(): void {
    const { placement, viewport: before } = this.#seen;
    this.#engine.resize(true, true);
    const fit = fitted(this.picture, this.#size(), placement.turned);
    const isWhole = before.width === 0 || isFitted(placement, this.picture, before);
    const grown = fit.scale / fitted(this.picture, before, placement.turned).scale;
    this.place(isWhole ? { ...placement, ...fit } : { ...placement, scale: placement.scale * grown });
  }

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
