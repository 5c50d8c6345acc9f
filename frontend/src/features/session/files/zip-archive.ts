/** Zip archives opened in the browser: entry by entry, within bounds, nothing written anywhere. */
import { BlobReader, configure, type FileEntry, ZipReader } from "@zip.js/zip.js";

/** What an archive may ask of this page's memory; a study on a disc is far smaller. */
export const ZIP_LIMITS = {
  entries: 5_000,
  /** Of one file, unpacked; what is larger, the service refuses. */
  fileBytes: 64 * 2 ** 20,
  totalBytes: 2 * 2 ** 30,
  /** Unpacked to packed, over the whole archive once it is larger than `ratioFromBytes`. */
  ratio: 150,
  ratioFromBytes: 64 * 2 ** 20,
} as const;

export type ZipLimits = Readonly<Record<keyof typeof ZIP_LIMITS, number>>;

export type ZipProblem = "encrypted" | "too-many" | "too-large" | "damaged";

/** The archive is not unpacked further; what came out before it is kept. */
export class ZipError extends Error {
  override readonly name = "ZipError";
  readonly problem: ZipProblem;

  constructor(problem: ZipProblem, options?: ErrorOptions) {
    super(problem, options);
    this.problem = problem;
  }
}

export type ZipItem =
  | { readonly kind: "file"; readonly file: File }
  | { readonly kind: "left-out"; readonly why: "encrypted" | "nested" | "too-large" | "damaged" };

// Browsers unpack by themselves, beside the page's own thread.
configure({ useWebWorkers: false });

const ARCHIVE = /\.(zip|7z|rar|tar|gz|tgz|bz2|xz)$/i;

/** Collects what is unpacked, and stops where it is more than was allowed: sizes in an archive can lie. */
function collector(mostBytes: number) {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  const stream = new WritableStream<Uint8Array<ArrayBuffer>>({
    write(part) {
      bytes += part.length;
      if (bytes > mostBytes) throw new ZipError("too-large");
      parts.push(part);
    },
  });
  return { parts, stream, bytes: () => bytes };
}

function lastName(path: string): string {
  return path.split(/[/\\]/).at(-1) ?? path;
}

/** A path that leads nowhere else: what is unpacked here goes to no disc, so a slip does no harm. */
function withoutSteps(path: string): string {
  const [end] = /[/\\]$/.exec(path) ?? [""];
  const steps = path.split(/[/\\]/).filter((step) => !/^(\.{0,2}|[a-z]:)$/i.test(step));
  return steps.join("/") + (end && "/");
}

/**
 * The files of an archive, one after the other.
 *
 * @throws {ZipError} It is no archive, is over the limits, or is encrypted as a whole.
 */
export async function* unzip(
  archive: Blob,
  signal: AbortSignal,
  limits: ZipLimits = ZIP_LIMITS,
): AsyncGenerator<ZipItem> {
  const reader = new ZipReader(new BlobReader(archive), { normalizeFilename: withoutSteps });
  try {
    const files = await filesOf(reader, limits);
    let total = 0;
    for (const entry of files) {
      signal.throwIfAborted();
      const name = lastName(entry.filename);
      if (entry.encrypted) yield { kind: "left-out", why: "encrypted" };
      else if (ARCHIVE.test(name)) yield { kind: "left-out", why: "nested" };
      else if (entry.uncompressedSize > limits.fileBytes) yield { kind: "left-out", why: "too-large" };
      else {
        const unpacked = await unpack(entry, limits, signal);
        if (unpacked instanceof Blob) {
          total += unpacked.size;
          checkTotal(total, archive.size, limits);
          yield { kind: "file", file: new File([unpacked], name) };
        } else yield { kind: "left-out", why: unpacked };
      }
    }
  } finally {
    await reader.close();
  }
}

async function filesOf(reader: ZipReader<Blob>, limits: ZipLimits): Promise<FileEntry[]> {
  const files: FileEntry[] = [];
  let seen = 0;
  try {
    for await (const entry of reader.getEntriesGenerator()) {
      seen += 1;
      if (seen > limits.entries) throw new ZipError("too-many");
      if (!entry.directory) files.push(entry);
    }
  } catch (error) {
    if (error instanceof ZipError) throw error;
    throw new ZipError("damaged", { cause: error });
  }
  if (files.length > 0 && files.every(({ encrypted }) => encrypted)) throw new ZipError("encrypted");
  return files;
}

function checkTotal(totalBytes: number, archiveBytes: number, limits: ZipLimits): void {
  const isBomb = totalBytes > limits.ratioFromBytes && totalBytes > limits.ratio * archiveBytes;
  if (isBomb || totalBytes > limits.totalBytes) throw new ZipError("too-large");
}

/** One file, or why it is left out. */
async function unpack(
  entry: FileEntry,
  limits: ZipLimits,
  signal: AbortSignal,
): Promise<Blob | "too-large" | "damaged"> {
  const collected = collector(limits.fileBytes);
  try {
    // Entries that overlap are a bomb's: their bytes are counted over and over.
    await entry.getData(collected.stream, { signal, checkCrc32: true, checkOverlappingEntry: true });
  } catch {
    signal.throwIfAborted();
    return collected.bytes() > limits.fileBytes ? "too-large" : "damaged";
  }
  return new Blob(collected.parts);
}
