/**
 * The colours of evidence.
 *
 * Inferno (Smith and van der Walt, matplotlib 1.5) without its black end, which would hide the
 * film: equal steps of evidence look equal, lightness alone tells them apart, and none is clear
 * glass.
 */
import { interpolateInferno } from "d3-scale-chromatic";

const DARKEST = 0.3;
const LEVELS = 256;

export type Rgb = readonly [red: number, green: number, blue: number];

/** The colour of a share of the peak, in [0, 1]. */
export function colourOf(share: number): Rgb {
  const hex = interpolateInferno(DARKEST + (1 - DARKEST) * share);
  const channel = (start: number) => parseInt(hex.slice(start, start + 2), 16);
  return [channel(1), channel(3), channel(5)];
}

/**
 * How much of the film a share of the peak covers, in [0, 1]: weak evidence leaves it almost bare.
 *
 * Smooth at both ends, since a cover in proportion to the share veils the whole field, edges and
 * all, where there is a little evidence everywhere, as on films that the model is uncertain of.
 */
export function coverOf(share: number): number {
  return share * share * (3 - 2 * share);
}

/** Colour and cover of each grey level of a map, four bytes a level: none at zero. */
export function colourTable(): Uint8ClampedArray {
  const table = new Uint8ClampedArray(4 * LEVELS);
  for (let level = 0; level < LEVELS; level++) {
    const share = level / (LEVELS - 1);
    table.set([...colourOf(share), Math.round(255 * coverOf(share))], 4 * level);
  }
  return table;
}

/** Paints a grey picture's pixels, four bytes each, in the colours of evidence. */
export function paint(pixels: Uint8ClampedArray): void {
  const table = colourTable();
  for (let start = 0; start < pixels.length; start += 4) {
    const level = pixels[start] ?? 0;
    for (let channel = 0; channel < 4; channel++) pixels[start + channel] = table[4 * level + channel] ?? 0;
  }
}

const STOPS = 8;

/** The colours from none to the peak, as a gradient's stops. */
export function cssGradientStops(opacity: number): readonly (readonly [at: number, colour: string])[] {
  return Array.from({ length: STOPS + 1 }, (_, index) => {
    const share = index / STOPS;
    const [red, green, blue] = colourOf(share);
    return [share, `rgba(${red}, ${green}, ${blue}, ${(opacity * coverOf(share)).toFixed(3)})`] as const;
  });
}

/** The same for a style sheet. */
export function cssGradient(opacity: number): string {
  const stops = cssGradientStops(opacity).map(([at, colour]) => `${colour} ${100 * at}%`);
  return `linear-gradient(to right, ${stops.join(", ")})`;
}
