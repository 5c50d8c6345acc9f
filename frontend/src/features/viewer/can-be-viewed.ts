import { answeredOf, type Entry, isDrawable, isUnderWay } from "@/features/session";

/** Whether a film can be opened in the viewer: it was read or refused, and is of a kind that it draws. */
export function canBeViewed(entry: Entry): boolean {
  const { fileKind, state } = entry;
  if (state.kind === "skipped") return false;
  if (!fileKind || (fileKind !== "dicom" && !isDrawable(fileKind))) return false;
  return answeredOf(entry) !== null || !isUnderWay(state);
}
