import type { FileKind } from "@/features/session";
import type { ReadingAnswer } from "@/lib/api/types";

export const fileKindWords: Record<FileKind, string> = {
  jpeg: "JPEG",
  png: "PNG",
  webp: "WebP",
  bmp: "BMP",
  tiff: "TIFF",
  heif: "HEIC",
  avif: "AVIF",
  jpeg2000: "JPEG 2000",
  jpegxl: "JPEG XL",
  dicom: "DICOM",
  zip: "ZIP",
  unknown: "Unknown format",
};

const UNDRAWN: ReadonlySet<FileKind> = new Set(["tiff", "heif", "jpeg2000", "jpegxl"]);

/** Whether bone was dark in the file's picture, so that it was read, and is shown, inverted. */
export function wasInverted(answer: ReadingAnswer | null): boolean {
  return answer?.suitability?.notes.some(({ code }) => code === "inverted") ?? false;
}

/** Why a file is not to be seen. */
export function cannotDrawWords(kind: FileKind): string {
  if (kind === "unknown") return "No picture: this does not look like a radiograph's file.";
  const name = fileKindWords[kind];
  if (UNDRAWN.has(kind)) return `Browsers can't draw ${name}. The reading does not need it.`;
  return `This browser can't draw this ${name} file. The reading does not need it.`;
}
