import type { Matrix, PictureSize, Placement, Size } from "./geometry";
import type { GreyWindow } from "./window";

/** What the main mouse button, or one finger, does on a film. */
export type Tool = "window" | "pan" | "zoom" | "magnify";

/** How a film is seen at one moment. */
export interface Seen {
  /** From the picture's pixels to the viewport's CSS pixels. */
  readonly matrix: Matrix;
  readonly placement: Placement;
  readonly viewport: Size;
  readonly window: GreyWindow;
  /** Black and white swapped on request. */
  readonly isInverted: boolean;
}

/** One film in its viewport. */
export interface FilmView {
  readonly picture: PictureSize;
  /** The window that the film was opened with. */
  readonly firstWindow: GreyWindow;
  /** The canvas on the screen, to copy from. */
  readonly canvas: HTMLCanvasElement;
  readonly seen: () => Seen;
  readonly subscribe: (listener: () => void) => () => void;
  readonly place: (placement: Placement) => void;
  readonly setWindow: (window: GreyWindow) => void;
  readonly changeWindow: (wider: number, brighter: number) => void;
  readonly setInverted: (isInverted: boolean) => void;
  /** Whether the film was read with black and white swapped, which is how it is shown at first. */
  readonly setReadInverted: (isReadInverted: boolean) => void;
  readonly isReadInverted: () => boolean;
  readonly reset: () => void;
  readonly close: () => void;
}

/** What a film is opened from. */
export interface FilmSource {
  readonly file: File;
  readonly kind: "picture" | "dicom";
}
