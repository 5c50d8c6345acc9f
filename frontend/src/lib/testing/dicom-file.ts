/** DICOM files for tests, written element by element (PS3.5 7.1.2): explicit, little endian. */

export type Written = readonly [tag: string, vr: string, value: string | Uint8Array | readonly number[]];

const LONG: ReadonlySet<string> = new Set(["OB", "OW", "SQ", "UN", "UT"]);

function bytesOf(vr: string, value: Written[2]): Uint8Array {
  if (value instanceof Uint8Array) return value;
  if (typeof value === "string") {
    const padding = vr === "UI" ? "\0" : " ";
    const even = value.length % 2 === 1 ? value + padding : value;
    return Uint8Array.from(even, (character) => character.charCodeAt(0));
  }
  return new Uint8Array(Uint16Array.from(value).buffer);
}

export function element([tag, vr, value]: Written): Uint8Array {
  const content = bytesOf(vr, value);
  const head = new DataView(new ArrayBuffer(LONG.has(vr) ? 12 : 8));
  head.setUint16(0, Number.parseInt(tag.slice(0, 4), 16), true);
  head.setUint16(2, Number.parseInt(tag.slice(4), 16), true);
  head.setUint8(4, vr.charCodeAt(0));
  head.setUint8(5, vr.charCodeAt(1));
  if (LONG.has(vr)) head.setUint32(8, content.length, true);
  else head.setUint16(6, content.length, true);
  return joined([new Uint8Array(head.buffer), content]);
}

/** A sequence's value: each item with its length. */
export function itemsOf(...all: readonly (readonly Written[])[]): Uint8Array {
  return joined(
    all.map((elements) => {
      const content = joined(elements.map(element));
      const head = new DataView(new ArrayBuffer(8));
      head.setUint32(0, 0xe000fffe, true);
      head.setUint32(4, content.length, true);
      return joined([new Uint8Array(head.buffer), content]);
    }),
  );
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** A file with preamble and transfer syntax; its elements in the order of their tags. */
export function written(...elements: readonly Written[]): Uint8Array<ArrayBuffer> {
  const preamble = new Uint8Array(132);
  preamble.set([0x44, 0x49, 0x43, 0x4d], 128);
  const meta = element(["00020010", "UI", "1.2.840.10008.1.2.1"]);
  const sorted = elements.toSorted(([one], [other]) => (one < other ? -1 : 1));
  return joined([preamble, meta, ...sorted.map(element)]);
}
