/** Films as Cornerstone takes them: one scheme for pictures and DICOM, described by ourselves. */
import { Enums, imageLoader, metaData, type Types, utilities } from "@cornerstonejs/core";

import type { Values } from "@/lib/dicom/grey-values";
import type { PatientOrientation } from "@/lib/dicom/patient-orientation";
import type { Spacing } from "@/lib/dicom/pixel-spacing";
import type { WindowPreset } from "@/lib/dicom/voi-curve";

const SCHEME = "hilum-film";

/** A film decoded: grey levels in the file's own units, and how to look at them. */
export interface Film {
  readonly values: Values;
  readonly columns: number;
  readonly rows: number;
  readonly lowest: number;
  readonly highest: number;
  /** How it can be shown; the first is how it is read. */
  readonly presets: readonly [WindowPreset, ...WindowPreset[]];
  /** Low values are white. */
  readonly isInverse: boolean;
  readonly spacing: Spacing | null;
  readonly orientation: PatientOrientation | null;
  /** The values' unit, where the file names one. */
  readonly unit: string;
}

/** All of a film but its pixels, which Cornerstone's cache keeps and may let go. */
export type FilmFacts = Omit<Film, "values">;

const facts = new Map<string, FilmFacts>();
const idOfFile = new WeakMap<File, string>();
const waiting = new Map<string, () => Promise<Film>>();
let nextNumber = 1;

export function factsOf(imageId: string): FilmFacts | undefined {
  return facts.get(imageId);
}

async function loadFilm(imageId: string): Promise<Types.IImage> {
  const decode = waiting.get(imageId);
  if (!decode) throw new Error("The film is no longer at hand.");
  const { values, ...about } = await decode();
  facts.set(imageId, about);
  const { columns, rows, spacing } = about;
  const voxelManager = utilities.VoxelManager.createImageVoxelManager({
    scalarData: values,
    width: columns,
    height: rows,
    numberOfComponents: 1,
    id: imageId,
  }) as Types.IVoxelManager<number>;
  return {
    imageId,
    minPixelValue: about.lowest,
    maxPixelValue: about.highest,
    slope: 1,
    intercept: 0,
    windowCenter: about.presets[0].window.centre,
    windowWidth: about.presets[0].window.width,
    voiLUTFunction: Enums.VOILUTFunctionType.LINEAR,
    getPixelData: () => values,
    getCanvas: () => document.createElement("canvas"),
    rows,
    columns,
    height: rows,
    width: columns,
    color: false,
    rgba: false,
    numberOfComponents: 1,
    columnPixelSpacing: spacing?.columnMm ?? 1,
    rowPixelSpacing: spacing?.rowMm ?? 1,
    invert: false,
    photometricInterpretation: "MONOCHROME2",
    sizeInBytes: values.byteLength,
    dataType: values.constructor.name as Types.IImage["dataType"],
    voxelManager,
  };
}

/**
 * What Cornerstone asks of an image beside its pixels.
 *
 * Always MONOCHROME2: Cornerstone would invert MONOCHROME1 by itself, once too often at a reset.
 */
function describe(kind: string, imageId: unknown): unknown {
  if (typeof imageId !== "string") return undefined;
  const about = facts.get(imageId);
  if (!about) return undefined;
  const { rows, columns, lowest, spacing } = about;
  switch (kind) {
    case "imagePixelModule":
      return {
        photometricInterpretation: "MONOCHROME2",
        samplesPerPixel: 1,
        bitsAllocated: 16,
        bitsStored: 16,
        highBit: 15,
        pixelRepresentation: lowest < 0 ? 1 : 0,
        rows,
        columns,
      };
    case "imagePlaneModule": {
      const [rowMm, columnMm] = [spacing?.rowMm ?? 1, spacing?.columnMm ?? 1];
      return {
        rows,
        columns,
        frameOfReferenceUID: imageId,
        imageOrientationPatient: [1, 0, 0, 0, 1, 0],
        rowCosines: [1, 0, 0],
        columnCosines: [0, 1, 0],
        imagePositionPatient: [0, 0, 0],
        pixelSpacing: [rowMm, columnMm],
        columnPixelSpacing: columnMm,
        rowPixelSpacing: rowMm,
      };
    }
    case "generalSeriesModule":
      return { modality: "DX", seriesInstanceUID: imageId };
    default:
      return undefined;
  }
}

export function registerFilmLoader(): void {
  imageLoader.registerImageLoader(SCHEME, (imageId) => ({ promise: loadFilm(imageId) }));
  metaData.addProvider(describe, 10_000);
}

/** Loads a film, or throws why it cannot be drawn; its image id. */
export async function loadFilmOf(file: File, decode: (file: File) => Promise<Film>): Promise<string> {
  const imageId = idOfFile.get(file) ?? `${SCHEME}:${nextNumber++}`;
  idOfFile.set(file, imageId);
  waiting.set(imageId, () => decode(file));
  try {
    await imageLoader.loadAndCacheImage(imageId);
  } finally {
    waiting.delete(imageId);
  }
  return imageId;
}
