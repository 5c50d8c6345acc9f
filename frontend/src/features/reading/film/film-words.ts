import type { ReadingAnswer } from "@/lib/api/types";

import { type FileKind, isDrawable } from "../session/file-kind";

export const fileKindWords: Record<FileKind, string> = {
  jpeg: "JPEG",
  png: "PNG",
  webp: "WebP",
  bmp: "BMP",
  tiff: "TIFF",
  dicom: "DICOM",
  unknown: "Unknown format",
};

/** The projection, as the server tells it from the file's header. */
export function viewWords(view: string): string {
  return view === "unknown" ? "View not stated" : `View ${view}`;
}

/** Whether bone was dark in the file's picture, so that it was read, and is shown, inverted. */
export function wasInverted(answer: ReadingAnswer | null): boolean {
  return answer?.suitability?.notes.some(({ code }) => code === "inverted") ?? false;
}

/** Why a file is not to be seen. */
export function noPreviewWords(kind: FileKind): string {
  if (isDrawable(kind)) return "The browser can't draw this picture.";
  if (kind === "unknown") return "No preview: this does not look like a picture.";
  return `No preview of ${fileKindWords[kind]} yet. The reading does not need it.`;
}
