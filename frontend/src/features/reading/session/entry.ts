import type { ReadingAnswer } from "@/lib/api/types";

import type { FileKind } from "./file-kind";

export type EntryState =
  | { readonly kind: "queued" }
  | { readonly kind: "sending"; readonly share: number }
  | { readonly kind: "reading" }
  | { readonly kind: "done"; readonly answer: ReadingAnswer; readonly readAt: Date }
  | { readonly kind: "failed"; readonly error: unknown }
  | { readonly kind: "cancelled" };

/** One file of this session, and how far its reading has got. */
export interface Entry {
  readonly id: string;
  readonly file: File;
  /** Null until the file's first bytes have been looked at. */
  readonly fileKind: FileKind | null;
  /** An object URL of the picture, where the browser can draw it. */
  readonly pictureUrl: string | null;
  readonly state: EntryState;
}

export function isUnderWay(state: EntryState): boolean {
  return state.kind === "queued" || state.kind === "sending" || state.kind === "reading";
}
