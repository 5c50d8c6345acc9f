/** Elements of a data set whose values may be missing, empty or wrong. */
import type { DataSet } from "./data-set";

/** Values of a string, code or unique identifier, without their padding. */
export function strings(dataSet: DataSet, tag: string): string[] {
  const element = dataSet.elements[tag];
  if (!element || element.length === 0) return [];
  const text = dataSet.text(tag) ?? "";
  return text.split("\\").map((each) => each.replace(/\0/g, "").trim());
}

export function text(dataSet: DataSet, tag: string): string {
  return strings(dataSet, tag)[0] ?? "";
}

/**
 * A code string in capitals (PS3.5 6.2, CS); null where it is none.
 *
 * Free text, which might tell who the patient is, is longer or has other characters.
 */
export function code(dataSet: DataSet, tag: string): string | null {
  const found = text(dataSet, tag).toUpperCase();
  return /^[A-Z0-9_ ]{1,16}$/.test(found) ? found : null;
}

/** Decimal or integer strings; none where any of them is no number. */
export function numbers(dataSet: DataSet, tag: string): number[] {
  const found = strings(dataSet, tag).map((each) => (each === "" ? NaN : Number(each)));
  return found.every(Number.isFinite) ? found : [];
}

/** Words of sixteen bits without a sign (US, and SS as it is stored); none where there are none. */
export function words(dataSet: DataSet, tag: string): number[] {
  const length = dataSet.elements[tag]?.length ?? 0;
  return Array.from({ length: Math.floor(length / 2) }, (_, index) => dataSet.uint16(tag, index) ?? 0);
}

export function word(dataSet: DataSet, tag: string): number | null {
  return words(dataSet, tag)[0] ?? null;
}

export function items(dataSet: DataSet, tag: string): DataSet[] {
  return (dataSet.elements[tag]?.items ?? []).flatMap((item) => item.dataSet ?? []);
}
