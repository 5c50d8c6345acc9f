import type { ReadingAnswer } from "@/lib/api/types";

import { say } from "./catalogue";

type Image = Pick<ReadingAnswer["image"], "sides">;

/** Why no side of the patient is named, in one sentence or a few; null where sides are certain. */
export function sidesMark({ sides }: Image): string | null {
  if (sides.certain) return null;
  return [say("caution", "sides"), ...sides.reasons.map(({ words }) => words)].join(" ");
}

/** That the picture was turned before it was read; null where it was not. */
export function turnedMark({ turned_degrees: degrees }: Pick<ReadingAnswer["image"], "turned_degrees">) {
  return degrees === 0
    ? null
    : say("film", degrees === 180 ? "turned" : "turned_clockwise", { count: degrees });
}
