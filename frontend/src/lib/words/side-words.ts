import type { ReadingAnswer } from "@/lib/api/types";

type Image = Pick<ReadingAnswer["image"], "sides">;

/** Why no side of the patient is named, in one sentence or a few; null where sides are certain. */
export function sidesMark({ sides }: Image): string | null {
  if (sides.certain) return null;
  return ["The sides are uncertain, so none is named.", ...sides.reasons.map(({ words }) => words)].join(" ");
}

/** That the picture was turned before it was read; null where it was not. */
export function turnedMark({ turned_degrees: degrees }: Pick<ReadingAnswer["image"], "turned_degrees">) {
  return degrees === 0 ? null : `Turned by ${degrees}°${degrees === 180 ? "" : " clockwise"} before reading.`;
}
