import { isDrawable } from "../files/file-kind";
import type { InspectedFile } from "../files/inspect-file";
import type { Entry } from "./entry";

/** A file as it comes onto the list, with what was found out of it before, if anything. */
export function newEntry(id: string, each: File | InspectedFile): Entry {
  const known = each instanceof File ? { file: each, fileKind: null, facts: null } : each;
  const { file, fileKind, facts } = known;
  const holds = facts?.holdsInstead ?? null;
  return {
    id,
    file,
    fileKind,
    facts,
    pictureUrl: fileKind && isDrawable(fileKind) ? URL.createObjectURL(file) : null,
    thumbnailUrl: null,
    state: holds === null ? { kind: "queued" } : { kind: "skipped", holds },
    isForced: false,
    isTurned: false,
    earlier: null,
  };
}
