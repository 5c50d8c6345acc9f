/** What a DICOM file holds, where that is no radiograph: as the service tells it. */

const STORAGE = "1.2.840.10008.5.1.4.1.1.";
export const DICOMDIR = "1.2.840.10008.1.3.10";

/** By the start of the SOP class (PS3.4 B.5), the longest first. */
const NOT_RADIOGRAPHS: readonly (readonly [start: string, what: string])[] = [
  ["88.", "a report"],
  ["104.", "a document"],
  ["9.", "a waveform"],
  ["11.", "a presentation state"],
  ["66", "a segmentation or a registration"],
  ["67", "a mapping of values"],
  ["481.", "a part of a radiotherapy plan"],
  ["2", "a slice of a CT"],
  ["4", "a slice of an MR"],
  ["128", "a slice of a PET"],
  ["130", "a slice of a PET"],
  ["20", "a nuclear medicine picture"],
  ["3", "an ultrasound picture"],
  ["6", "an ultrasound picture"],
  ["13.", "a volume of X-ray slices"],
  ["77.", "a photograph"],
  ["30", "a parametric map"],
];
const VIDEO = /^1\.2\.840\.10008\.1\.2\.(4\.10[0-8]|7\.)/;

export interface ObjectKind {
  readonly sopClass: string;
  readonly transferSyntax: string;
  readonly frames: number;
  readonly hasPicture: boolean;
}

/** What a file holds in place of one radiograph, in words such as "a report"; null where it holds one. */
export function notARadiograph({ sopClass, transferSyntax, frames, hasPicture }: ObjectKind): string | null {
  if (sopClass === DICOMDIR) return "the directory of a disc (DICOMDIR)";
  const kind = sopClass.startsWith(STORAGE) ? sopClass.slice(STORAGE.length) : "";
  const found = NOT_RADIOGRAPHS.find(([start]) =>
    start.endsWith(".") || start.startsWith("6") ? kind.startsWith(start) : isWithin(kind, start),
  );
  if (found) return found[1];
  if (VIDEO.test(transferSyntax)) return "a video";
  if (frames > 1) return `${frames} frames`;
  return hasPicture ? null : "no picture";
}

function isWithin(kind: string, start: string): boolean {
  return kind === start || kind.startsWith(`${start}.`);
}
