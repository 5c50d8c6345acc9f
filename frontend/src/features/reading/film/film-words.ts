import type { FileKind } from "../session/file-kind";

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
