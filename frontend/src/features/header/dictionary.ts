/** Names of attributes that radiographs carry, and those that tell who was examined. */
import attributes from "./attributes.txt?raw";
import identityTags from "./identity-tags.txt?raw";

export interface Attribute {
  readonly vr: string;
  readonly name: string;
}

/** PS3.6, the part that CR, DX and secondary capture use: a tag, its representation and its name a line. */
const BY_TAG: ReadonlyMap<string, Attribute> = new Map(
  attributes
    .trim()
    .split("\n")
    .map((line) => [line.slice(0, 8), { vr: line.slice(9, 11), name: line.slice(12) }]),
);

/**
 * PS3.15 table E.1-1, edition 2023: what its basic profile takes out or replaces.
 *
 * Without Patient's Age and Patient's Sex, which a reader needs, on the user's own screen.
 */
const IDENTITY: ReadonlySet<string> = new Set(identityTags.trim().split(/\s+/));

/** Names, dates and times, in whatever attribute they stand. */
const IDENTITY_VRS: ReadonlySet<string> = new Set(["PN", "DA", "DT", "TM"]);

/** Overlays and curves repeat their attributes over groups (PS3.5 7.6). */
function asRepeated(tag: string): string {
  return /^60[0-9a-f]{2}/.test(tag) ? `60xx${tag.slice(4)}` : tag;
}

/** By eight hexadecimal digits; null where the dictionary does not have it. */
export function attributeOf(tag: string): Attribute | null {
  return BY_TAG.get(asRepeated(tag)) ?? null;
}

/** Groups of odd numbers are a maker's own (PS3.5 7.8). */
export function isPrivate(tag: string): boolean {
  return Number.parseInt(tag.slice(3, 4), 16) % 2 === 1;
}

/** Whether an attribute may tell who was examined; what a maker put into its own, nobody knows. */
export function tellsIdentity(tag: string, vr: string): boolean {
  if (isPrivate(tag) || IDENTITY.has(tag) || IDENTITY_VRS.has(vr)) return true;
  // Drawings and words over the picture.
  return /^60[0-9a-f]{2}[34]000$/.test(tag) || tag.startsWith("50");
}
