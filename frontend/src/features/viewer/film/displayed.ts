/** How a reading displays its film, against how the browser decodes the file. */
import type { ReadingAnswer } from "@/lib/api/types";
import type { Orientation } from "@/lib/dicom/orientation";

import type { FilmSource } from "./film-view";

/**
 * How the decoded picture is displayed; null where there is no reading to say.
 *
 * DICOM is decoded as it is stored. Other pictures the browser turns as their EXIF header says, so
 * that only a turn on request is left.
 */
export function displayedAs(answer: ReadingAnswer | null, kind: FilmSource["kind"]): Orientation | null {
  if (!answer) return null;
  const { to_file: toFile, turned_degrees: turnedDegrees } = answer.image;
  return kind === "dicom"
    ? { isMirrored: toFile.mirrored, quarterTurns: toFile.turned_degrees / 90 }
    : { isMirrored: false, quarterTurns: turnedDegrees / 90 };
}

/** Reasons under which the header's letters still hold for the picture. */
const BY_HEADER = new Set(["oblique", "lateral"]);

/** Whether the header's directions can stand at the film's edges: nothing speaks against them. */
export function areLettersCertain(answer: ReadingAnswer | null): boolean {
  return answer?.image.sides.reasons.every(({ code }) => BY_HEADER.has(code)) ?? true;
}
