import { answersByModel } from "@/lib/api/model-readings";
import type { ReadingAnswer } from "@/lib/api/types";

/** What can be drawn over a film, in the order of its switches, and how strongly at first. */
export const LAYERS = [
  { id: "evidence", label: "Evidence", opacity: 0.7 },
  { id: "contours", label: "Contours", opacity: 0.9 },
  { id: "lungs", label: "Lungs", opacity: 0.9 },
  { id: "heart", label: "Heart", opacity: 0.9 },
  { id: "ratio", label: "Ratio", opacity: 0.9 },
] as const;

export type LayerId = (typeof LAYERS)[number]["id"];

export interface LayersState {
  readonly shown: ReadonlySet<LayerId>;
  /** In [0, 1], of each layer. */
  readonly opacity: Readonly<Record<LayerId, number>>;
}

/** The evidence and two thin lines: outlines are asked for. */
export const LAYERS_AT_FIRST: LayersState = {
  shown: new Set<LayerId>(["evidence", "ratio"]),
  opacity: Object.fromEntries(LAYERS.map(({ id, opacity }) => [id, opacity])) as Record<LayerId, number>,
};

export function toggled(state: LayersState, layer: LayerId): LayersState {
  const shown = new Set(state.shown);
  if (!shown.delete(layer)) shown.add(layer);
  return { ...state, shown };
}

export function withShown(state: LayersState, layer: LayerId): LayersState {
  return state.shown.has(layer) ? state : toggled(state, layer);
}

/** A layer as strong as asked for; one that was off comes on. */
export function faded(state: LayersState, layer: LayerId, opacity: number): LayersState {
  const within = Math.min(Math.max(opacity, 0), 1);
  return { ...withShown(state, layer), opacity: { ...state.opacity, [layer]: within } };
}

/** The layers that a reading has something to draw in. */
export function layersOf(answer: ReadingAnswer): readonly LayerId[] {
  const { anatomy } = answer;
  const findings = answersByModel(answer).flatMap(({ evidence }) =>
    evidence?.is_shown ? evidence.findings : [],
  );
  const filled: Record<LayerId, boolean> = {
    evidence: findings.some(({ map }) => map && map.maximum > 0),
    contours: findings.some(({ contours }) => contours?.some(({ polygons }) => polygons.length > 0)),
    lungs: [
      anatomy?.right_lung,
      anatomy?.left_lung,
      anatomy?.picture_left_lung,
      anatomy?.picture_right_lung,
    ].some((lung) => lung && lung.polygons.length > 0),
    heart: anatomy ? anatomy.heart.polygons.length > 0 : false,
    ratio: anatomy?.cardiothoracic_ratio.lines ? true : false,
  };
  return LAYERS.map(({ id }) => id).filter((id) => filled[id]);
}
