import type { Orientation } from "@/lib/dicom/orientation";
import type { PatientOrientation } from "@/lib/dicom/patient-orientation";
import type { Spacing } from "@/lib/dicom/pixel-spacing";
import type { GreyWindow, VoiCurve, WindowPreset } from "@/lib/dicom/voi-curve";

import type { Matrix, PictureSize, Placement, Point, Size } from "./geometry";
import type { Measurement } from "./measurement";

/** What the main mouse button, or one finger, does on a film. */
export type Tool = "window" | "pan" | "zoom" | "magnify" | "length" | "angle";

/** How a film is seen at one moment. */
export interface Seen {
  /** From the picture's pixels to the viewport's CSS pixels. */
  readonly matrix: Matrix;
  readonly placement: Placement;
  readonly viewport: Size;
  readonly window: GreyWindow;
  readonly curve: VoiCurve;
  /** Black and white swapped on request. */
  readonly isInverted: boolean;
}

/** One film in its viewport. Picture points are of the film as it is displayed, not as it is stored. */
export interface FilmView {
  readonly picture: PictureSize;
  /** How the film can be shown; the first is how it was opened. */
  readonly presets: readonly [WindowPreset, ...WindowPreset[]];
  readonly firstWindow: GreyWindow;
  readonly facts: {
    readonly spacing: Spacing | null;
    readonly unit: string;
    /** Low values are white. */
    readonly isInverse: boolean;
  };
  /** Where the displayed picture's rows and columns lead; null where the header does not say. */
  readonly directions: () => PatientOrientation | null;
  /** How the decoded picture is displayed. */
  readonly orientation: () => Orientation;
  /** Displays it in another way, fitted; null is as the header says. */
  readonly setOrientation: (orientation: Orientation | null) => void;
  /** The canvas on the screen, to copy from. */
  readonly canvas: HTMLCanvasElement;
  readonly seen: () => Seen;
  readonly subscribe: (listener: () => void) => () => void;
  readonly place: (placement: Placement) => void;
  readonly setWindow: (window: GreyWindow) => void;
  readonly usePreset: (preset: WindowPreset) => void;
  /** The grey level at a point of the picture, in the file's own units; null beyond its edges. */
  readonly valueAt: (point: Point) => number | null;
  readonly changeWindow: (wider: number, brighter: number) => void;
  readonly setInverted: (isInverted: boolean) => void;
  /** Whether the film was read with black and white swapped, which is how it is shown at first. */
  readonly setReadInverted: (isReadInverted: boolean) => void;
  readonly isReadInverted: () => boolean;
  /** What a person has measured on the film, in the order that it was drawn in. */
  readonly measurements: () => readonly Measurement[];
  readonly subscribeMeasurements: (listener: () => void) => () => void;
  readonly removeMeasurement: (id: string) => void;
  readonly removeMeasurements: () => void;
  readonly reset: () => void;
  readonly close: () => void;
}

/** What a film is opened from. */
export interface FilmSource {
  readonly file: File;
  readonly kind: "picture" | "dicom";
}
