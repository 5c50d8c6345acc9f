import type { RadiographFacts } from "@/lib/dicom/radiograph-facts";

/** What can be put in order by its header: a file that waits to be read, or one on the list. */
export interface Grouped {
  readonly facts: RadiographFacts | null;
}

export interface Series<Item extends Grouped> {
  readonly uid: string;
  readonly number: number | null;
  readonly modality: string | null;
  readonly images: readonly Item[];
}

export interface Study<Item extends Grouped> {
  /** Null for files that belong to no study: pictures, and DICOM files without the attribute. */
  readonly uid: string | null;
  readonly date: string;
  readonly series: readonly Series<Item>[];
}

function inGroups<Item>(all: readonly Item[], keyOf: (item: Item) => string): [key: string, Item[]][] {
  const groups = new Map<string, Item[]>();
  for (const item of all) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return [...groups];
}

/** Those without a number come last, in the order that they came in. */
function byNumber(one: number | null | undefined, other: number | null | undefined): number {
  return (one ?? Infinity) === (other ?? Infinity) ? 0 : (one ?? Infinity) - (other ?? Infinity);
}

/** Studies in the order that they came in; their series and images by number. */
export function studiesOf<Item extends Grouped>(all: readonly Item[]): Study<Item>[] {
  return inGroups(all, ({ facts }) => facts?.studyUid ?? "").map(([uid, ofStudy]) => ({
    uid: uid === "" ? null : uid,
    date: ofStudy[0]?.facts?.studyDate ?? "",
    series: inGroups(ofStudy, ({ facts }) => (uid === "" ? "" : (facts?.seriesUid ?? "")))
      .map(([seriesUid, ofSeries]) => ({
        uid: seriesUid,
        number: uid === "" ? null : (ofSeries[0]?.facts?.seriesNumber ?? null),
        modality: ofSeries[0]?.facts?.modality ?? null,
        images:
          uid === ""
            ? ofSeries
            : ofSeries.toSorted((one, other) =>
                byNumber(one.facts?.instanceNumber, other.facts?.instanceNumber),
              ),
      }))
      .toSorted((one, other) => byNumber(one.number, other.number)),
  }));
}

export function inReadingOrder<Item extends Grouped>(all: readonly Item[]): Item[] {
  return studiesOf(all).flatMap(({ series }) => series.flatMap(({ images }) => images));
}
