/** DICOM files taken apart in the browser, up to the pixels or with them. */
import {
  bigEndianByteArrayParser,
  type ByteArrayParser,
  ByteStream,
  type DataSet,
  littleEndianByteArrayParser,
  parseDicomDataSetExplicit,
  parseDicomDataSetImplicit,
  readPart10Header,
} from "dicom-parser";
import { Inflate } from "fflate";

export type { DataSet } from "dicom-parser";

export const PIXEL_DATA = "x7fe00010";
export const DEFLATED = "1.2.840.10008.1.2.1.99";
export const BIG_ENDIAN = "1.2.840.10008.1.2.2";
const IMPLICIT = "1.2.840.10008.1.2";
const EXPLICIT = "1.2.840.10008.1.2.1";

/** Headers are shorter, but for those with an icon or with large tables. */
const HEAD_BYTES = 512 * 1024;
/** What a deflated data set may become; the service's own limit of a file. */
const MOST_INFLATED_BYTES = 64 * 2 ** 20;
/** Of which no more than a thousand times as much is made before it is counted (RFC 1951). */
const INFLATED_AT_ONCE_BYTES = 4096;
/** The service's limits: elements, items of sequences, items of encapsulated pixels. */
const MOST_TAGS = 20_000 + 3_000 + 20_000;
/** Its own, and those of the next one, which the parser looks at to find a sequence. */
const WORDS_OF_TAG = 4;
const PREAMBLE_BYTES = 132;

/** A stream that counts tags, each of which costs time and memory: an item has eight bytes of a file. */
function countedStream(order: ByteArrayParser, bytes: Uint8Array, start: number): ByteStream {
  const stream = new ByteStream(order, bytes, start);
  const readUint16 = stream.readUint16.bind(stream);
  let words = 0;
  stream.readUint16 = () => {
    words += 1;
    if (words > WORDS_OF_TAG * MOST_TAGS) throw new Error("The header has too many elements.");
    return readUint16();
  };
  return stream;
}

export interface DicomFile {
  readonly dataSet: DataSet;
  readonly transferSyntax: string;
}

function textAt(bytes: Uint8Array, start: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(start, start + length));
}

/**
 * The encoding of a data set whose file names none (PS3.5 7.1).
 *
 * Explicit where its first element has a value representation; its group, under 0x0100 in any file,
 * tells the order of bytes.
 */
function guessedSyntax(bytes: Uint8Array): string {
  if (!/^[A-Z]{2}$/.test(textAt(bytes, 4, 2))) return IMPLICIT;
  return bytes[0] === 0 ? BIG_ENDIAN : EXPLICIT;
}

function metaOf(transferSyntax: string): Uint8Array {
  const value = transferSyntax + "\0".repeat(transferSyntax.length % 2);
  const text = `\x02\0\x10\0UI${String.fromCharCode(value.length)}\0${value}`;
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** The bytes with a preamble and a transfer syntax (PS3.10 7.1), which some writers leave out. */
export function asPart10(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const hasPreamble = textAt(bytes, 128, 4) === "DICM";
  const rest = hasPreamble ? bytes.subarray(PREAMBLE_BYTES) : bytes;
  const hasMeta = rest[0] === 2 && rest[1] === 0;
  if (hasPreamble && hasMeta) return bytes;
  const meta = hasMeta ? new Uint8Array() : metaOf(guessedSyntax(rest));
  const whole = new Uint8Array(PREAMBLE_BYTES + meta.length + rest.length);
  whole.set([0x44, 0x49, 0x43, 0x4d], 128);
  whole.set(meta, PREAMBLE_BYTES);
  whole.set(rest, PREAMBLE_BYTES + meta.length);
  return whole;
}

/** Inflates a data set, and stops where it becomes too large. */
function inflated(deflated: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [];
  let size = 0;
  const inflate = new Inflate((part) => {
    size += part.length;
    parts.push(part);
  });
  for (let at = 0; at < deflated.length; at += INFLATED_AT_ONCE_BYTES) {
    const end = at + INFLATED_AT_ONCE_BYTES;
    inflate.push(deflated.subarray(at, end), end >= deflated.length);
    if (size > MOST_INFLATED_BYTES) throw new Error("The data set is too large once inflated.");
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** The bytes with a deflated data set inflated (PS3.5 A.5). */
function withInflated(bytes: Uint8Array, start: number): Uint8Array {
  const plain = inflated(bytes.subarray(start));
  const whole = new Uint8Array(start + plain.length);
  whole.set(bytes.subarray(0, start));
  whole.set(plain, start);
  return whole;
}

/**
 * Parses a file's bytes.
 *
 * @throws The bytes are no DICOM file, or end early.
 */
export function parseBytes(content: Uint8Array<ArrayBuffer>, { withPixels = false } = {}): DicomFile {
  const bytes = asPart10(content);
  const meta = readPart10Header(bytes);
  const named = meta.string("x00020010")?.trim();
  const start = (meta as DataSet & { position: number }).position;
  const transferSyntax = named ?? guessedSyntax(bytes.subarray(start));
  const whole = transferSyntax === DEFLATED ? withInflated(bytes, start) : bytes;
  const order = transferSyntax === BIG_ENDIAN ? bigEndianByteArrayParser : littleEndianByteArrayParser;
  const stream = countedStream(order, whole, start);
  const parse = transferSyntax === IMPLICIT ? parseDicomDataSetImplicit : parseDicomDataSetExplicit;
  // The elements of the file meta stay; text is the same in both orders of bytes.
  const dataSet = meta;
  dataSet.byteArray = whole;
  dataSet.byteArrayParser = order;
  // Its types want a tag to stop at; it does without.
  parse(dataSet, stream, whole.length, (withPixels ? {} : { untilTag: PIXEL_DATA }) as { untilTag: string });
  return { dataSet, transferSyntax };
}

async function bytesOf(blob: Blob): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await blob.arrayBuffer());
}

/**
 * Reads a file's header: all of its elements before the pixels.
 *
 * @throws The file is no DICOM file, or is damaged.
 */
export async function readHeader(file: Blob): Promise<DicomFile> {
  if (file.size > HEAD_BYTES) {
    try {
      return parseBytes(await bytesOf(file.slice(0, HEAD_BYTES)));
    } catch {
      // Longer than that, or deflated: all of it has to be read.
    }
  }
  return parseBytes(await bytesOf(file));
}

/**
 * Reads a file with its pixels.
 *
 * @throws The file is no DICOM file, or is damaged.
 */
export async function readWhole(file: Blob): Promise<DicomFile> {
  return parseBytes(await bytesOf(file), { withPixels: true });
}
