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
