/** Pixel Data (7FE0,0010): the words of a grey or palette picture, or the frame that a codec must read. */
import { readEncapsulatedPixelDataFromFragments } from "dicom-parser";

import { BIG_ENDIAN, DEFLATED, type DicomFile, PIXEL_DATA } from "./data-set";
import type { Words } from "./grey-values";

const NATIVE: ReadonlySet<string> = new Set([
  "1.2.840.10008.1.2",
  "1.2.840.10008.1.2.1",
  "1.2.840.10008.1.2.1.98",
  BIG_ENDIAN,
  DEFLATED,
]);

export function isNative(transferSyntax: string): boolean {
  return NATIVE.has(transferSyntax);
}

/**
 * The bytes of the only frame, in one fragment or in several.
 *
 * @throws There are none, or fewer than the element says.
 */
export function frameOf({ dataSet }: DicomFile): Uint8Array<ArrayBuffer> {
  const element = dataSet.elements[PIXEL_DATA];
  if (!element) throw new Error("The file holds no pixels.");
  if (element.fragments) {
    const { fragments } = element;
    const frame = readEncapsulatedPixelDataFromFragments(dataSet, element, 0, fragments.length, fragments);
    return Uint8Array.from(frame);
  }
  const { byteArray } = dataSet;
  const end = element.dataOffset + element.length;
  if (end > byteArray.length) throw new Error("The file ends before its pixels do.");
  return Uint8Array.from(byteArray.subarray(element.dataOffset, end));
}

/**
 * Bare bytes as words of 8 or 16 bits (PS3.5 8.1.1, 8.2).
 *
 * @throws There are fewer than the picture's size asks for, or the words are of another length.
 */
export function wordsOf(
  frame: Uint8Array<ArrayBuffer>,
  count: number,
  bitsAllocated: number,
  isBigEndian: boolean,
): Words {
  if (bitsAllocated !== 8 && bitsAllocated !== 16) throw new Error("Only 8 and 16 bits are drawn.");
  if (frame.length < (count * bitsAllocated) / 8) throw new Error("The file ends before its pixels do.");
  if (bitsAllocated === 8) return frame.subarray(0, count);
  const words = new Uint16Array(frame.buffer, frame.byteOffset, count);
  // Browsers run on little-endian processors alone.
  return isBigEndian ? words.map((word) => ((word & 0xff) << 8) | (word >> 8)) : words;
}
