import { isInFolder } from "./file-path";
import { inspectFile, type InspectedFile } from "./inspect-file";
import { inReadingOrder } from "./reading-order";
import type { ZipItem, ZipProblem } from "./zip-archive";

/** What of folders and archives was not put on the list, counted by why. */
export interface LeftOut {
  /** A disc's own viewer, its texts, its programs. */
  readonly noPictures: number;
  readonly directories: number;
  readonly encrypted: number;
  readonly nested: number;
  readonly tooLarge: number;
  readonly damaged: number;
  /** Archives that were not, or not wholly, opened. */
  readonly archives: readonly ZipProblem[];
}

export interface Gathered {
  readonly found: readonly InspectedFile[];
  readonly leftOut: LeftOut;
}

export const NOTHING_LEFT_OUT: LeftOut = {
  noPictures: 0,
  directories: 0,
  encrypted: 0,
  nested: 0,
  tooLarge: 0,
  damaged: 0,
  archives: [],
};

interface GatherOptions {
  readonly signal: AbortSignal;
  /** Told how many files have been looked at. */
  readonly onProgress: (inspectedCount: number) => void;
}

type Counter = Exclude<keyof LeftOut, "archives">;
type LeftOutWhy = Extract<ZipItem, { kind: "left-out" }>["why"];

const COUNTERS: Readonly<Record<LeftOutWhy, Counter>> = {
  encrypted: "encrypted",
  nested: "nested",
  "too-large": "tooLarge",
  damaged: "damaged",
};

/**
 * Opens archives, looks at every file, leaves out what a disc holds beside pictures, and puts the
 * rest in order: a study at a time.
 *
 * A file that was chosen by itself is never left out: it is sent, and the service says what it is.
 */
export async function gather(
  files: readonly File[],
  { signal, onProgress }: GatherOptions,
): Promise<Gathered> {
  const found: InspectedFile[] = [];
  const { archives: none, ...noughts } = NOTHING_LEFT_OUT;
  const archives: ZipProblem[] = [...none];
  const counts: Record<Counter, number> = noughts;
  let inspectedCount = 0;
  const take = (one: InspectedFile, isOneOfMany: boolean) => {
    onProgress(++inspectedCount);
    if (one.facts?.isDirectory) counts.directories += 1;
    else if (isOneOfMany && one.fileKind === "unknown") counts.noPictures += 1;
    else if (isOneOfMany && one.fileKind === "zip") counts.nested += 1;
    else found.push(one);
  };
  for (const file of files) {
    signal.throwIfAborted();
    const one = await inspectFile(file);
    if (one.fileKind !== "zip" || isInFolder(file)) {
      take(one, isInFolder(file));
      continue;
    }
    const { unzip, ZipError } = await import("./zip-archive");
    try {
      for await (const item of unzip(file, signal)) {
        if (item.kind === "file") take(await inspectFile(item.file), true);
        else counts[COUNTERS[item.why]] += 1;
      }
    } catch (error) {
      if (!(error instanceof ZipError)) throw error;
      archives.push(error.problem);
    }
  }
  return { found: inReadingOrder(found), leftOut: { ...counts, archives } };
}
