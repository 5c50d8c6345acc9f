import type { ReadingAnswer } from "@/lib/api/types";

/** What can be drawn over a film, in the order of its switches. */
export const LAYERS = [
  { id: "lungs", label: "Lungs" },
  { id: "heart", label: "Heart" },
  { id: "ratio", label: "Ratio" },
] as const;

export type LayerId = (typeof LAYERS)[number]["id"];

/** The film unobscured but for two thin lines: the outlines are asked for. */
export const SHOWN_AT_FIRST: ReadonlySet<LayerId> = new Set<LayerId>(["ratio"]);

/** The layers that a reading has something to draw in. */
export function layersOf({ anatomy }: ReadingAnswer): readonly LayerId[] {
  if (!anatomy) return [];
  const { right_lung: right, left_lung: left, heart, cardiothoracic_ratio: ratio } = anatomy;
  const filled: Record<LayerId, boolean> = {
    lungs: right.polygons.length + left.polygons.length > 0,
    heart: heart.polygons.length > 0,
    ratio: ratio.lines !== null,
  };
  return LAYERS.map(({ id }) => id).filter((id) => filled[id]);
}
