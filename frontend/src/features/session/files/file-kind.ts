export type FileKind = "jpeg" | "png" | "webp" | "bmp" | "tiff" | "dicom" | "zip" | "unknown";

const DICOM_PREAMBLE_BYTES = 128;
const HEAD_BYTES = DICOM_PREAMBLE_BYTES + 4;

/** What a browser can draw by itself. */
const DRAWABLE: ReadonlySet<FileKind> = new Set(["jpeg", "png", "webp", "bmp"]);

export function isDrawable(kind: FileKind): boolean {
  return DRAWABLE.has(kind);
}

function textAt(head: Uint8Array, start: number, length: number): string {
  return String.fromCharCode(...head.subarray(start, start + length));
}

/** The groups that a data set starts with, in either order of bytes. */
const FIRST_GROUPS: ReadonlySet<string> = new Set(["\x02\0", "\x08\0", "\0\x08"]);

/** Whether this is a DICOM data set without a preamble (PS3.10 7.1), which some writers leave out. */
function isBareDataSet(head: Uint8Array): boolean {
  if (head.length < 12 || !FIRST_GROUPS.has(textAt(head, 0, 2))) return false;
  const isExplicit = /^(UL|UI|CS|DA|TM|SH|LO|OB|AE|DT|SQ)$/.test(textAt(head, 4, 2));
  // Implicit: the first element is a short one, its length in four bytes.
  return isExplicit || (head[0] === 8 && head[3] === 0 && head[5] === 0 && head[6] === 0 && head[7] === 0);
}

/** The kind of a file by its first bytes, as the server tells it; never by name or MIME type. */
export function kindOfHead(head: Uint8Array): FileKind {
  if (textAt(head, 0, 3) === "\xff\xd8\xff") return "jpeg";
  if (textAt(head, 0, 4) === "\x89PNG") return "png";
  if (textAt(head, 0, 4) === "RIFF" && textAt(head, 8, 4) === "WEBP") return "webp";
  if (textAt(head, 0, 4) === "II*\0" || textAt(head, 0, 4) === "MM\0*") return "tiff";
  if (textAt(head, DICOM_PREAMBLE_BYTES, 4) === "DICM") return "dicom";
  if (isBareDataSet(head)) return "dicom";
  if (textAt(head, 0, 4) === "PK\x03\x04" || textAt(head, 0, 4) === "PK\x05\x06") return "zip";
  if (textAt(head, 0, 2) === "BM") return "bmp";
  return "unknown";
}

export async function kindOfFile(file: File): Promise<FileKind> {
  try {
    return kindOfHead(new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer()));
  } catch {
    // A folder, or a file that went away since it was chosen: the upload will say so.
    return "unknown";
  }
}
