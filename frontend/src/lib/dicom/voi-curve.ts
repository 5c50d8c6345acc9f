/** How grey levels become brightness: a curve over a window (PS3.3 C.11.2). */

/** Which grey levels of a picture are spread from black to white. */
export interface GreyWindow {
  readonly centre: number;
  readonly width: number;
}

/** The VOI LUT Functions of the standard, and a VOI LUT's own table. */
export type VoiCurve =
  | { readonly kind: "linear" | "linear_exact" | "sigmoid" }
  | {
      readonly kind: "table";
      /** Brightness from 0 to 1, at even distances over the window. */
      readonly shares: Float32Array;
    };

/** A way to show a film: one of its file's own windows, or its full range. */
export interface WindowPreset {
  readonly label: string;
  readonly window: GreyWindow;
  readonly curve: VoiCurve;
}

/** Brightness from 0 to 1 at even distances between two grey levels; flat beyond them. */
export interface Transfer {
  readonly lower: number;
  readonly upper: number;
  readonly shares: Float32Array;
}

export const FULL_RANGE = "Full range";
export const LINEAR_EXACT: VoiCurve = { kind: "linear_exact" };
const RAMP = Float32Array.of(0, 1);
/** How many widths to either side of the centre the sigmoid is worked out; it is flat to 0.0003 there. */
const SIGMOID_WIDTHS = 2;
const SIGMOID_POINTS = 257;
/** As many as the graphics card is given. */
const MOST_POINTS = 1024;

export function sigmoid(value: number, { centre, width }: GreyWindow): number {
  return 1 / (1 + Math.exp((-4 * (value - centre)) / width));
}

function sampled(shares: Float32Array): Float32Array {
  if (shares.length <= MOST_POINTS) return shares;
  const step = (shares.length - 1) / (MOST_POINTS - 1);
  return Float32Array.from({ length: MOST_POINTS }, (_, index) => shares[Math.round(index * step)] ?? 0);
}

export function transferOf(curve: VoiCurve, window: GreyWindow): Transfer {
  const { centre, width } = window;
  switch (curve.kind) {
    case "linear":
      // C.11.2.1.2.1: from centre - 0.5 - (width - 1) / 2, as wide as width - 1; a step where width is 1.
      return {
        lower: centre - 0.5 - Math.max(width - 1, 1e-3) / 2,
        upper: centre - 0.5 + Math.max(width - 1, 1e-3) / 2,
        shares: RAMP,
      };
    case "linear_exact":
      return { lower: centre - width / 2, upper: centre + width / 2, shares: RAMP };
    case "sigmoid": {
      const [lower, upper] = [centre - SIGMOID_WIDTHS * width, centre + SIGMOID_WIDTHS * width];
      const step = (upper - lower) / (SIGMOID_POINTS - 1);
      const shares = Float32Array.from({ length: SIGMOID_POINTS }, (_, index) =>
        sigmoid(lower + index * step, window),
      );
      return { lower, upper, shares };
    }
    case "table":
      return { lower: centre - width / 2, upper: centre + width / 2, shares: sampled(curve.shares) };
  }
}

/** The brightness of one grey level, from 0 to 1. */
export function brightnessOf({ lower, upper, shares }: Transfer, value: number): number {
  const at = Math.min(Math.max((value - lower) / (upper - lower), 0), 1) * (shares.length - 1);
  const [before, after] = [shares[Math.floor(at)] ?? 0, shares[Math.ceil(at)] ?? 0];
  return before + (after - before) * (at - Math.floor(at));
}

/** The full range of a film: its lowest value is black, its highest white. */
export function fullRange(lowest: number, highest: number): WindowPreset {
  const width = Math.max(highest - lowest, 1e-3);
  return { label: FULL_RANGE, window: { centre: (lowest + highest) / 2, width }, curve: LINEAR_EXACT };
}
