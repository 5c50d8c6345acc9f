import type { ReadingAnswer } from "@/lib/api/types";
import type { RadiographFacts } from "@/lib/dicom/radiograph-facts";

import type { FileKind } from "../files/file-kind";

/** What was answered, and when. */
export interface Answered {
  readonly answer: ReadingAnswer;
  readonly readAt: Date;
  /** The answer as the film was read, where another operating point was applied to it since. */
  readonly asRead?: ReadingAnswer;
  /** Why it could not be read again, where that was asked for. */
  readonly problem?: unknown;
}

export type EntryState =
  | { readonly kind: "queued" }
  | { readonly kind: "sending"; readonly share: number }
  | { readonly kind: "reading" }
  | ({ readonly kind: "done" } & Answered)
  | { readonly kind: "failed"; readonly error: unknown }
  | { readonly kind: "cancelled" }
  /** Never sent: it holds no radiograph but, in words, this. */
  | { readonly kind: "skipped"; readonly holds: string };

/** One file of this session, and how far its reading has got. */
export interface Entry {
  readonly id: string;
  readonly file: File;
  /** Null until the file's first bytes have been looked at. */
  readonly fileKind: FileKind | null;
  /** Header attributes of a DICOM file that do not identify the patient; null for others, and until parsed. */
  readonly facts: RadiographFacts | null;
  /** An object URL of the picture, where the browser can draw it. */
  readonly pictureUrl: string | null;
  /** A small picture as the viewer shows it, of a film that the browser cannot draw by itself. */
  readonly thumbnailUrl: string | null;
  readonly state: EntryState;
  /** To be read even though it is not suitable: a person asked for it. */
  readonly isForced: boolean;
  /** To be turned upright first: a person asked for it. */
  readonly isTurned: boolean;
  /** The reading before this one, shown until the film was read again. */
  readonly earlier: Answered | null;
}

/** The reading to show: this one, or the earlier one while it is asked again. */
export function answeredOf({ state, earlier }: Entry): Answered | null {
  if (state.kind === "done") return state;
  return isUnderWay(state) ? earlier : null;
}

export function isUnderWay(state: EntryState): boolean {
  return state.kind === "queued" || state.kind === "sending" || state.kind === "reading";
}

/** The answer to show of an entry, if there is one. */
export function answerOf(entry: Entry | null): ReadingAnswer | null {
  return entry ? (answeredOf(entry)?.answer ?? null) : null;
}
