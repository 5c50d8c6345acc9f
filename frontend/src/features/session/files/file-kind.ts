export type FileKind =
  | "jpeg"
  | "png"
  | "webp"
  | "bmp"
  | "tiff"
  | "heif"
  | "avif"
  | "jpeg2000"
  | "jpegxl"
  | "dicom"
  | "zip"
  | "unknown";

const DICOM_PREAMBLE_BYTES = 128;
const HEAD_BYTES = DICOM_PREAMBLE_BYTES + 4;

/** What a browser can draw by itself. */
const DRAWABLE: ReadonlySet<FileKind> = new Set(["jpeg", "png", "webp", "bmp", "avif"]);

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

const STARTS: readonly (readonly [start: string, kind: FileKind])[] = [
  ["\xff\xd8\xff", "jpeg"],
  ["\x89PNG", "png"],
  ["II*\0", "tiff"],
  ["MM\0*", "tiff"],
  ["II+\0", "tiff"],
  ["MM\0+", "tiff"],
  ["\xff\x4f\xff\x51", "jpeg2000"],
  ["\0\0\0\x0cjP  \r\n\x87\n", "jpeg2000"],
  ["\xff\x0a", "jpegxl"],
  ["\0\0\0\x0cJXL \r\n\x87\n", "jpegxl"],
  ["PK\x03\x04", "zip"],
  ["PK\x05\x06", "zip"],
];

/** HEIF or AVIF by the brands of the first box (ISO/IEC 23008-12), the major one first. */
function kindOfBrands(head: Uint8Array): FileKind | null {
  if (textAt(head, 4, 4) !== "ftyp") return null;
  const end = Math.min(new DataView(head.buffer, head.byteOffset).getUint32(0), head.length);
  const brands = [textAt(head, 8, 4)];
  for (let at = 16; at < end; at += 4) brands.push(textAt(head, at, 4));
  const named = brands.find((brand) => /^(he[iv][cxms]|avi[fs])$/.test(brand));
  if (named?.startsWith("av")) return "avif";
  return named || brands.some((brand) => /^m[is]f1$/.test(brand)) ? "heif" : null;
}

/** The kind of a file by its first bytes, as the server tells it; never by name or MIME type. */
export function kindOfHead(head: Uint8Array): FileKind {
  // Whatever stands before it, such as the header of a TIFF that shares the pixels.
  if (textAt(head, DICOM_PREAMBLE_BYTES, 4) === "DICM") return "dicom";
  const found = STARTS.find(([start]) => textAt(head, 0, start.length) === start);
  if (found) return found[1];
  if (textAt(head, 0, 4) === "RIFF" && textAt(head, 8, 4) === "WEBP") return "webp";
  const branded = kindOfBrands(head);
  if (branded) return branded;
  if (isBareDataSet(head)) return "dicom";
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
