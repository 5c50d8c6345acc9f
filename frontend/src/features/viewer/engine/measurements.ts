/** Lengths and angles on films, which Cornerstone keeps with the image that they were drawn on. */
import { eventTarget } from "@cornerstonejs/core";
import { AngleTool, annotation, Enums, LengthTool, type Types as ToolTypes } from "@cornerstonejs/tools";

import { angleWords, lengthWords, type Measurement } from "../film/measurement";
import { factsOf } from "./film-image";

type Annotation = ToolTypes.Annotation;

export const LENGTH = LengthTool.toolName;
export const ANGLE = AngleTool.toolName;

const TARGET = "imageId:";
const CHANGES = [
  Enums.Events.ANNOTATION_ADDED,
  Enums.Events.ANNOTATION_COMPLETED,
  Enums.Events.ANNOTATION_MODIFIED,
  Enums.Events.ANNOTATION_REMOVED,
];

const COLOUR = "rgb(255, 214, 90)";
const HIGHLIGHT = "rgb(255, 255, 255)";

interface Stats {
  readonly length?: number | null;
  readonly angle?: number | string | null;
}

type TextLines = (data: Annotation["data"], targetId: string) => string[];

/** A measure's words, from what Cornerstone worked out in the film's own units; none while it is begun. */
const textLines: TextLines = ({ cachedStats }, targetId) => {
  const { length, angle } = ((cachedStats as Record<string, Stats> | undefined) ?? {})[targetId] ?? {};
  if (typeof length === "number") {
    return lengthWords(length, factsOf(targetId.slice(TARGET.length))?.spacing ?? null);
  }
  return typeof angle === "number" && !Number.isNaN(angle) ? angleWords(angle) : [];
};

export const MEASURING = { getTextLines: textLines };

export function styleMeasurements(): void {
  const style = {
    color: COLOUR,
    colorHighlighted: HIGHLIGHT,
    colorSelected: HIGHLIGHT,
    lineWidth: "1.75",
    textBoxColor: COLOUR,
    textBoxColorHighlighted: HIGHLIGHT,
    textBoxColorSelected: HIGHLIGHT,
    textBoxFontSize: "13px",
    textBoxBackground: "rgba(0, 0, 0, 0.65)",
    textBoxLinkLineWidth: "1",
  };
  const { style: styles } = annotation.config;
  const before = styles.getDefaultToolStyles();
  styles.setDefaultToolStyles({ ...before, global: { ...before.global, ...style } });
}

function annotationsOf(imageId: string): Annotation[] {
  return annotation.state
    .getAllAnnotations()
    .filter(
      ({ metadata }) =>
        metadata?.referencedImageId === imageId && [LENGTH, ANGLE].includes(metadata.toolName),
    );
}

export function measurementsOf(imageId: string): Measurement[] {
  return annotationsOf(imageId).flatMap(({ annotationUID, metadata, data }) => {
    const words = textLines(data, TARGET + imageId);
    if (annotationUID === undefined || words.length === 0) return [];
    return [
      { id: annotationUID, kind: metadata?.toolName === LENGTH ? "length" : "angle", words: words.join(" ") },
    ];
  });
}

export function removeMeasurement(id: string): void {
  annotation.state.removeAnnotation(id);
}

export function removeAllMeasurements(imageId: string): void {
  for (const { annotationUID } of annotationsOf(imageId)) {
    if (annotationUID !== undefined) removeMeasurement(annotationUID);
  }
}

/** Calls a listener when any measurement is drawn, changed or removed. */
export function onMeasurements(listener: () => void): () => void {
  for (const change of CHANGES) eventTarget.addEventListener(change, listener);
  return () => {
    for (const change of CHANGES) eventTarget.removeEventListener(change, listener);
  };
}
