import { metaData } from "@cornerstonejs/core";
import { createImage } from "@cornerstonejs/dicom-image-loader";

import { BIG_ENDIAN, type DataSet, type DicomFile, readWhole } from "@/lib/dicom/data-set";
import { code, strings, word } from "@/lib/dicom/elements";
import {
  applyModality,
  type Bits,
  countValues,
  endsOf,
  paddingOf,
  possibleValues,
  rangeIn,
  readBits,
  storedValues,
  type Values,
  type Words,
} from "@/lib/dicom/grey-values";
import { BT601, paletteLuminance } from "@/lib/dicom/palette";
import { orientationOf } from "@/lib/dicom/patient-orientation";
import { readSpacing } from "@/lib/dicom/pixel-spacing";
import { frameOf, isNative, wordsOf } from "@/lib/dicom/pixel-words";
import { fullRange } from "@/lib/dicom/voi-curve";
import { isInverse, voiPresets } from "@/lib/dicom/voi-presets";

import type { Film } from "./film-image";

const RLE = "1.2.840.10008.1.2.5";
const SCHEME = "hilum-frame";
const WHITE = 255;

interface Frame {
  readonly dataSet: DataSet;
  readonly bits: Bits;
  readonly samples: number;
}

/** Frames that are being decoded, described to Cornerstone's decoders. */
const frames = new Map<string, Frame>();
let nextNumber = 1;

function describe(kind: string, imageId: unknown): unknown {
  const frame = typeof imageId === "string" ? frames.get(imageId) : undefined;
  if (!frame || kind !== "imagePixelModule") return undefined;
  const { dataSet, bits, samples } = frame;
  return {
    samplesPerPixel: samples,
    // Of one sample always grey: what it means is seen to here.
    photometricInterpretation: samples === 1 ? "MONOCHROME2" : code(dataSet, "x00280004"),
    planarConfiguration: word(dataSet, "x00280006") ?? 0,
    rows: word(dataSet, "x00280010"),
    columns: word(dataSet, "x00280011"),
    bitsAllocated: bits.allocated,
    bitsStored: bits.stored,
    pixelRepresentation: bits.isSigned ? 1 : 0,
  };
}

export function registerDicomFrames(): void {
  metaData.addProvider(describe, 10_000);
}

/** Has Cornerstone's worker decode a frame; three values a pixel where it is in colour. */
async function decoded(file: DicomFile, frame: Frame): Promise<Values> {
  const imageId = `${SCHEME}:${nextNumber++}`;
  frames.set(imageId, frame);
  try {
    const options = { preScale: { enabled: false } };
    const image = await createImage(imageId, frameOf(file), file.transferSyntax, options);
    if (!("getPixelData" in image)) throw new Error("The decoder gave no picture.");
    return image.getPixelData() as Values;
  } finally {
    frames.delete(imageId);
  }
}

async function greyWords(file: DicomFile, bits: Bits, count: number): Promise<Values> {
  const { dataSet, transferSyntax } = file;
  if (isNative(transferSyntax)) {
    const words = wordsOf(frameOf(file), count, bits.allocated, transferSyntax === BIG_ENDIAN);
    return storedValues(words, bits);
  }
  if (transferSyntax === RLE) {
    // Bare words once more: signs and overlay bits are seen to here.
    const plain = { ...bits, stored: bits.allocated, isSigned: false };
    return storedValues((await decoded(file, { dataSet, bits: plain, samples: 1 })) as Words, bits);
  }
  return decoded(file, { dataSet, bits, samples: 1 });
}

function luminance(colours: Values, count: number): Uint8Array {
  const grey = new Uint8Array(count);
  const samples = Math.round(colours.length / count);
  for (let pixel = 0; pixel < count; pixel++) {
    const at = samples * pixel;
    const sum =
      BT601[0] * (colours[at] ?? 0) + BT601[1] * (colours[at + 1] ?? 0) + BT601[2] * (colours[at + 2] ?? 0);
    grey[pixel] = Math.round(sum);
  }
  return grey;
}

/**
 * Decodes a DICOM radiograph to grey levels in its own units, as the service does.
 *
 * @throws The file is damaged, or of a kind that is not drawn.
 */
export async function decodeDicom(source: File): Promise<Film> {
  const file = await readWhole(source);
  const { dataSet } = file;
  const rows = word(dataSet, "x00280010") ?? 0;
  const columns = word(dataSet, "x00280011") ?? 0;
  const count = rows * columns;
  if (count === 0) throw new Error("The file holds no picture.");
  const about = {
    rows,
    columns,
    spacing: readSpacing(dataSet),
    orientation: orientationOf(strings(dataSet, "x00200020")),
  };
  const bits = readBits(dataSet);
  const samples = word(dataSet, "x00280002") ?? 1;
  const isPalette = code(dataSet, "x00280004") === "PALETTE COLOR";
  if (samples > 1 || isPalette) {
    const values = isPalette
      ? paletteLuminance(dataSet, await greyWords(file, bits, count))
      : luminance(await decoded(file, { dataSet, bits, samples }), count);
    const presets = [fullRange(0, WHITE)] as const;
    return { ...about, values, lowest: 0, highest: WHITE, presets, isInverse: false, unit: "" };
  }
  const stored = await greyWords(file, bits, count);
  if (stored.length < count) throw new Error("The file ends before its pixels do.");
  const all = rangeIn(stored);
  const counted = countValues(stored, all, paddingOf(dataSet, bits.isSigned));
  const possible = possibleValues(bits);
  const { values, of, unit } = applyModality(dataSet, stored, counted, possible);
  const levelsOf = ({ lowest, highest }: typeof all) =>
    Float64Array.from({ length: highest - lowest + 1 }, (_, index) => of(lowest + index));
  const greys = { levels: counted.levels.map(of), counts: counted.counts };
  const [first, ...others] = voiPresets(dataSet, greys, levelsOf(possible));
  if (!first) throw new Error("A film has its full range at the least.");
  return {
    ...about,
    ...endsOf(levelsOf(all)),
    values,
    presets: [first, ...others],
    isInverse: isInverse(dataSet),
    unit,
  };
}
