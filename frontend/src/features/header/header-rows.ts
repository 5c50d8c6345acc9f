/** A data set as rows of a table, whoever's it is left out unless asked for. */
import type { DataSet } from "@/lib/dicom/data-set";
import { items, strings } from "@/lib/dicom/elements";

import { textDecoder } from "./character-set";
import { attributeOf, isPrivate, tellsIdentity } from "./dictionary";

export interface HeaderRow {
  /** Where it stands, from the outermost sequence on. */
  readonly path: string;
  readonly depth: number;
  /** As the standard writes it: (0010,0010). */
  readonly tag: string;
  readonly name: string;
  readonly vr: string;
  /** Null where it is hidden: then it has not even been read. */
  readonly value: string | null;
  readonly isPrivate: boolean;
}

type Element = DataSet["elements"][string];

const BYTES: ReadonlySet<string> = new Set(["OB", "OD", "OF", "OL", "OV", "OW", "UN"]);
const TEXT: ReadonlySet<string> = new Set(["LO", "LT", "PN", "SH", "ST", "UC", "UT"]);
const MOST_VALUES = 16;
const MOST_CHARACTERS = 400;
const ITEM_TAGS = /^xfffe/;

const SIZES: Readonly<Record<string, number>> = { US: 2, SS: 2, UL: 4, SL: 4, FL: 4, FD: 8, AT: 4 };

function numberAt(dataSet: DataSet, key: string, vr: string, index: number): string {
  switch (vr) {
    case "US":
      return String(dataSet.uint16(key, index));
    case "SS":
      return String(dataSet.int16(key, index));
    case "UL":
      return String(dataSet.uint32(key, index));
    case "SL":
      return String(dataSet.int32(key, index));
    case "FL":
      return String(dataSet.float(key, index));
    case "FD":
      return String(dataSet.double(key, index));
    default: {
      const [group, element] = [dataSet.uint16(key, 2 * index), dataSet.uint16(key, 2 * index + 1)];
      return tagWords(hex(group) + hex(element));
    }
  }
}

function hex(word: number | undefined): string {
  return (word ?? 0).toString(16).padStart(4, "0");
}

function tagWords(tag: string): string {
  return `(${tag.slice(0, 4)},${tag.slice(4)})`.toUpperCase();
}

function shortened(text: string): string {
  return text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text;
}

function valueOf(dataSet: DataSet, element: Element, vr: string, decoder: TextDecoder): string {
  const { tag: key, length, dataOffset } = element;
  if (length === 0) return "";
  const size = SIZES[vr];
  if (size !== undefined) {
    const count = Math.floor(length / size);
    const shown = Array.from({ length: Math.min(count, MOST_VALUES) }, (_, index) =>
      numberAt(dataSet, key, vr, index),
    );
    return shown.join(" \\ ") + (count > MOST_VALUES ? ` … (${count} values)` : "");
  }
  if (BYTES.has(vr)) return `${length.toLocaleString("en")} bytes`;
  if (!TEXT.has(vr)) return shortened(strings(dataSet, key).join(" \\ "));
  const bytes = dataSet.byteArray.subarray(dataOffset, dataOffset + length);
  return shortened(
    decoder
      .decode(bytes)
      .split("\\")
      .map((each) => each.replace(/\0/g, "").trim())
      .join(" \\ "),
  );
}

interface Reading {
  readonly withPatient: boolean;
  readonly decoder: TextDecoder;
}

function rowsOf(dataSet: DataSet, reading: Reading, path: string, depth: number): HeaderRow[] {
  return Object.values(dataSet.elements)
    .filter(({ tag: key }) => !ITEM_TAGS.test(key))
    .sort((one, other) => (one.tag < other.tag ? -1 : 1))
    .flatMap((element) => {
      const tag = element.tag.slice(1);
      const known = attributeOf(tag);
      // Implicit files name no representation; UN stands for one that a writer did not know.
      const named = element.vr === "UN" ? undefined : element.vr;
      const inner = items(dataSet, element.tag);
      const vr = named ?? (inner.length > 0 ? "SQ" : (known?.vr ?? "UN"));
      const row = {
        path: `${path}${tag}`,
        depth,
        tag: tagWords(tag),
        name: known?.name ?? (isPrivate(tag) ? "Private attribute" : "Attribute not in this dictionary"),
        vr,
        isPrivate: isPrivate(tag),
      };
      if (!reading.withPatient && tellsIdentity(tag, vr)) return [{ ...row, value: null }];
      if (vr !== "SQ") return [{ ...row, value: valueOf(dataSet, element, vr, reading.decoder) }];
      const count = inner.length === 1 ? "1 item" : `${inner.length} items`;
      return [
        { ...row, value: count },
        ...inner.flatMap((item, index) => rowsOf(item, reading, `${row.path}.${index}.`, depth + 1)),
      ];
    });
}

/** All elements before the pixels, sequences followed by what is in them. */
export function headerRows(
  dataSet: DataSet,
  { withPatient }: { readonly withPatient: boolean },
): HeaderRow[] {
  const decoder = textDecoder(strings(dataSet, "x00080005"));
  return rowsOf(dataSet, { withPatient, decoder }, "", 0);
}

/** Rows with these words in tag, name, representation or value, and the sequences that they are in. */
export function matchingRows(rows: readonly HeaderRow[], words: string): readonly HeaderRow[] {
  const sought = words.trim().toLowerCase();
  if (sought === "") return rows;
  const found = rows.filter(({ tag, name, vr, value }) =>
    [tag, tag.replace(/[(),]/g, ""), name, vr, value ?? ""].some((each) =>
      each.toLowerCase().includes(sought),
    ),
  );
  return rows.filter((row) => found.some(({ path }) => path === row.path || path.startsWith(`${row.path}.`)));
}
