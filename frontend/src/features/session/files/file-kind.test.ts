import { expect, it } from "vitest";

import { kindOfFile, kindOfHead } from "./file-kind";

function bytes(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

it.each([
  ["\xff\xd8\xff\xe0", "jpeg"],
  ["\x89PNG\r\n\x1a\n", "png"],
  ["RIFF\0\0\0\0WEBPVP8 ", "webp"],
  ["BM6\0", "bmp"],
  ["II*\0", "tiff"],
  ["MM\0*", "tiff"],
  [`${"\0".repeat(128)}DICM`, "dicom"],
  // A TIFF's header in the preamble: both read the same pixels.
  [`II*\0${"\0".repeat(124)}DICM`, "dicom"],
  [`MM\0*${"\0".repeat(124)}DICM`, "dicom"],
  ["\0\0\0\x18ftypheic\0\0\0\0mif1heic", "heif"],
  ["\0\0\0\x18ftypmif1\0\0\0\0mif1heix", "heif"],
  ["\0\0\0\x14ftypmif1\0\0\0\0miaf", "heif"],
  ["\0\0\0\x1cftypmif1\0\0\0\0mif1avifmiaf", "avif"],
  ["\0\0\0\x18ftypavif\0\0\0\0mif1avif", "avif"],
  ["\0\0\0\x14ftypisom\0\0\0\0mp42", "unknown"],
  ["\xff\x4f\xff\x51", "jpeg2000"],
  ["\0\0\0\x0cjP  \r\n\x87\n", "jpeg2000"],
  ["\xff\x0a", "jpegxl"],
  ["\0\0\0\x0cJXL \r\n\x87\n", "jpegxl"],
  // Without a preamble: a first element with its representation, in either order of bytes, or without.
  ["\x08\0\x05\0CS\x0a\0ISO_IR 100", "dicom"],
  ["\0\x08\0\x05CS\0\x0aISO_IR 100", "dicom"],
  ["\x08\0\x05\0\x0a\0\0\0ISO_IR 100", "dicom"],
  ["\x08\0 a text that starts oddly", "unknown"],
  ["PK\x03\x04", "zip"],
  ["PK\x05\x06", "zip"],
  ["RIFF\0\0\0\0WAVE", "unknown"],
  ["%PDF-1.7", "unknown"],
  ["", "unknown"],
])("tells %j to be %s", (head, kind) => {
  expect(kindOfHead(bytes(head))).toBe(kind);
});

it("looks at the bytes, not at the name", async () => {
  await expect(kindOfFile(new File(["%PDF-1.7"], "chest.png", { type: "image/png" }))).resolves.toBe(
    "unknown",
  );
});
