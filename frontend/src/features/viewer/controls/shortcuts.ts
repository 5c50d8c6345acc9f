import type { LayerId } from "@/features/layers";

import type { Tool } from "../film/film-view";

/** What the keys do while the viewer has the focus. */
export type Command =
  | { readonly kind: "tool"; readonly tool: Tool }
  | { readonly kind: "layer"; readonly layer: LayerId }
  | { readonly kind: "turn"; readonly degrees: number }
  | { readonly kind: "zoom"; readonly factor: number }
  | { readonly kind: "move"; readonly x: -1 | 0 | 1; readonly y: -1 | 0 | 1 }
  | { readonly kind: "window"; readonly wider: -1 | 0 | 1; readonly brighter: -1 | 0 | 1 }
  /** The file's own windows from the first, or the film's full range. */
  | { readonly kind: "preset"; readonly number: number | "full" }
  | { readonly kind: "image"; readonly step: 1 | -1 }
  | { readonly kind: "flip" | "remove-measurement" | "remove-measurements" }
  | { readonly kind: "invert" | "fit" | "actual" | "reset" | "link" | "help" | "escape" };

const ZOOM_STEP = 1.25;

const ARROWS: Record<string, readonly [-1 | 0 | 1, -1 | 0 | 1]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

const KEYS: Record<string, Command> = {
  w: { kind: "tool", tool: "window" },
  p: { kind: "tool", tool: "pan" },
  z: { kind: "tool", tool: "zoom" },
  m: { kind: "tool", tool: "magnify" },
  d: { kind: "tool", tool: "length" },
  a: { kind: "tool", tool: "angle" },
  i: { kind: "invert" },
  r: { kind: "turn", degrees: 90 },
  R: { kind: "turn", degrees: -90 },
  x: { kind: "flip" },
  f: { kind: "fit" },
  "1": { kind: "actual" },
  "0": { kind: "reset" },
  // From 2 on, since 1 is actual size.
  ...Object.fromEntries(
    [2, 3, 4, 5, 6, 7, 8].map((key) => [String(key), { kind: "preset", number: key - 1 } as const]),
  ),
  "9": { kind: "preset", number: "full" },
  n: { kind: "image", step: 1 },
  N: { kind: "image", step: -1 },
  PageDown: { kind: "image", step: 1 },
  PageUp: { kind: "image", step: -1 },
  Delete: { kind: "remove-measurement" },
  Backspace: { kind: "remove-measurement" },
  "+": { kind: "zoom", factor: ZOOM_STEP },
  "=": { kind: "zoom", factor: ZOOM_STEP },
  "-": { kind: "zoom", factor: 1 / ZOOM_STEP },
  e: { kind: "layer", layer: "evidence" },
  c: { kind: "layer", layer: "contours" },
  l: { kind: "layer", layer: "lungs" },
  h: { kind: "layer", layer: "heart" },
  t: { kind: "layer", layer: "ratio" },
  s: { kind: "link" },
  "?": { kind: "help" },
  Escape: { kind: "escape" },
};

type Key = Pick<KeyboardEvent, "key" | "shiftKey" | "ctrlKey" | "metaKey" | "altKey">;

/** The command of a key press; null for one that is the browser's or a form's. */
export function commandOf({ key, shiftKey, ctrlKey, metaKey, altKey }: Key): Command | null {
  if (ctrlKey || metaKey || altKey) return null;
  const arrow = ARROWS[key];
  if (arrow) {
    const [x, y] = arrow;
    return shiftKey
      ? { kind: "window", wider: x, brighter: y === 0 ? 0 : y === 1 ? -1 : 1 }
      : { kind: "move", x, y };
  }
  if (shiftKey && (key === "Delete" || key === "Backspace")) return { kind: "remove-measurements" };
  return KEYS[key] ?? KEYS[key.toLowerCase()] ?? null;
}

/** The shortcuts in words, for the help. */
export const SHORTCUTS: readonly (readonly [keys: string, words: string])[] = [
  ["W P Z M", "Window, pan, zoom, magnifier on the main button"],
  ["D A", "Measure a length, an angle"],
  ["Delete, Shift + Delete", "Remove the last measurement, all of them"],
  ["2 to 8, 9", "The file's own windows, full range"],
  ["N, Shift + N, Page ↓ ↑", "Next and previous image"],
  ["Shift + ← →", "Less or more contrast"],
  ["Shift + ↑ ↓", "Brighter or darker"],
  ["← → ↑ ↓", "Move the film, or the magnifier"],
  ["+ −", "Zoom"],
  ["F 1 0", "Fit, actual size, reset"],
  ["R, Shift + R", "Rotate right, left"],
  ["X", "Mirror"],
  ["I", "Invert"],
  ["E C L H T", "Evidence, contours, lungs, heart, ratio"],
  ["S", "Link two films"],
  ["?", "This help"],
];
