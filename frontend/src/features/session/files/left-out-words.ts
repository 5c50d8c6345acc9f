import type { LeftOut } from "./gather";
import type { ZipProblem } from "./zip-archive";

function counted(count: number, one: string, many: string): string[] {
  if (count === 0) return [];
  return [count === 1 ? one : many.replace("#", String(count))];
}

const ARCHIVE_WORDS: Readonly<Record<ZipProblem, string>> = {
  encrypted: "The archive is encrypted: unpack it first, then drop the folder.",
  "too-many": "The archive holds more files than can be opened here: unpack it first, then drop a study.",
  "too-large": "The archive unpacks to more than can be held here: unpack it first, then drop a study.",
  damaged: "The archive is damaged, or is no zip that can be opened here.",
};

/** What was left out of folders and archives, in sentences; none where nothing was. */
export function leftOutWords({ archives, ...counts }: LeftOut): string[] {
  return [
    ...[...new Set(archives)].map((problem) => ARCHIVE_WORDS[problem]),
    ...counted(counts.encrypted, "One encrypted file was left out.", "# encrypted files were left out."),
    ...counted(counts.nested, "An archive within it was left out.", "# archives within it were left out."),
    ...counted(counts.tooLarge, "One file is too large to be read.", "# files are too large to be read."),
    ...counted(counts.damaged, "One file is damaged.", "# files are damaged."),
    ...counted(
      counts.directories,
      "The disc's directory (DICOMDIR) was left out: it only lists the images. Drop the disc's folder or its images.",
      "# directories of discs (DICOMDIR) were left out: they only list the images. Drop the discs' folders or images.",
    ),
    ...counted(
      counts.noPictures,
      "One file that is no picture was left out.",
      "# files that are no pictures were left out.",
    ),
  ];
}
