import { answeredOf, type Entry, isUnderWay } from "../../session/entry";
import { isDrawable } from "../../session/file-kind";

/** Whether a film can be opened in the viewer: it was read or refused, and is of a kind that it draws. */
export function canBeViewed(entry: Entry): boolean {
  const { fileKind, state } = entry;
  if (state.kind === "skipped") return false;
  if (!fileKind || (fileKind !== "dicom" && !isDrawable(fileKind))) return false;
  return answeredOf(entry) !== null || !isUnderWay(state);
}
