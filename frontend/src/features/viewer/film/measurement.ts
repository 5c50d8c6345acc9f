import { type Spacing, SPACING_WORDS } from "@/lib/dicom/pixel-spacing";

/** A length or an angle that a person has drawn on a film. */
export interface Measurement {
  readonly id: string;
  readonly kind: "length" | "angle";
  readonly words: string;
}

/** A length in millimetres and where they hold; in pixels where the file states no spacing. */
export function lengthWords(length: number, spacing: Spacing | null): string[] {
  if (!spacing) return [`${length.toFixed(0)} px`, "no spacing in the file"];
  return [`${length.toFixed(1)} mm`, SPACING_WORDS[spacing.origin]];
}

export function angleWords(degrees: number): string[] {
  return [`${degrees.toFixed(1)}°`];
}
