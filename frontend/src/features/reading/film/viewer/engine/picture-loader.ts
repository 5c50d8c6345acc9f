import { cache, Enums, imageLoader, metaData, type Types, utilities } from "@cornerstonejs/core";

const SCHEME = "hilum-picture";
const GREY_LEVELS = 256;
/** Rows turned to grey at a time: a whole film in colour would take four times its memory. */
const STRIP_ROWS = 512;

const files = new Map<string, File>();
const idOfFile = new WeakMap<File, string>();
const sizes = new Map<string, { readonly columns: number; readonly rows: number }>();
let nextNumber = 1;

/** The picture's grey levels by luminance (ITU-R BT.601), upright as its EXIF header has it. */
async function greyOf(file: File): Promise<{ grey: Uint8Array; columns: number; rows: number }> {
  const bitmap = await createImageBitmap(file, {
    imageOrientation: "from-image",
    colorSpaceConversion: "none",
  });
  const { width: columns, height: rows } = bitmap;
  const grey = new Uint8Array(columns * rows);
  const strip = new OffscreenCanvas(columns, Math.min(STRIP_ROWS, rows));
  const context = strip.getContext("2d", { willReadFrequently: true });
  if (!context) throw new Error("This browser gives no canvas to draw on.");
  try {
    for (let top = 0; top < rows; top += STRIP_ROWS) {
      const height = Math.min(STRIP_ROWS, rows - top);
      context.clearRect(0, 0, columns, height);
      context.drawImage(bitmap, 0, top, columns, height, 0, 0, columns, height);
      const { data } = context.getImageData(0, 0, columns, height);
      const start = top * columns;
      for (let pixel = 0; pixel < columns * height; pixel++) {
        const [red = 0, green = 0, blue = 0] = [data[4 * pixel], data[4 * pixel + 1], data[4 * pixel + 2]];
        grey[start + pixel] = Math.round(0.299 * red + 0.587 * green + 0.114 * blue);
      }
    }
  } finally {
    bitmap.close();
  }
  return { grey, columns, rows };
}

async function loadPicture(imageId: string): Promise<Types.IImage> {
  const file = files.get(imageId);
  if (!file) throw new Error("The picture is no longer at hand.");
  const { grey, columns, rows } = await greyOf(file);
  sizes.set(imageId, { columns, rows });
  const voxelManager = utilities.VoxelManager.createImageVoxelManager({
    scalarData: grey,
    width: columns,
    height: rows,
    numberOfComponents: 1,
    id: imageId,
  }) as Types.IVoxelManager<number>;
  return {
    imageId,
    minPixelValue: 0,
    maxPixelValue: GREY_LEVELS - 1,
    slope: 1,
    intercept: 0,
    windowCenter: GREY_LEVELS / 2,
    windowWidth: GREY_LEVELS,
    voiLUTFunction: Enums.VOILUTFunctionType.LINEAR,
    getPixelData: () => grey,
    getCanvas: () => document.createElement("canvas"),
    rows,
    columns,
    height: rows,
    width: columns,
    color: false,
    rgba: false,
    numberOfComponents: 1,
    columnPixelSpacing: 1,
    rowPixelSpacing: 1,
    invert: false,
    photometricInterpretation: "MONOCHROME2",
    sizeInBytes: grey.byteLength,
    dataType: "Uint8Array",
    voxelManager,
  };
}

/** What Cornerstone asks of an image beside its pixels; spacing is one, since a picture states none. */
function describePicture(kind: string, imageId: unknown): unknown {
  if (typeof imageId !== "string") return undefined;
  const size = sizes.get(imageId);
  if (!size) return undefined;
  switch (kind) {
    case "imagePixelModule":
      return {
        photometricInterpretation: "MONOCHROME2",
        samplesPerPixel: 1,
        bitsAllocated: 8,
        bitsStored: 8,
        highBit: 7,
        pixelRepresentation: 0,
        rows: size.rows,
        columns: size.columns,
      };
    case "imagePlaneModule":
      return {
        ...size,
        frameOfReferenceUID: imageId,
        imageOrientationPatient: [1, 0, 0, 0, 1, 0],
        rowCosines: [1, 0, 0],
        columnCosines: [0, 1, 0],
        imagePositionPatient: [0, 0, 0],
        pixelSpacing: [1, 1],
        columnPixelSpacing: 1,
        rowPixelSpacing: 1,
      };
    case "generalSeriesModule":
      return { modality: "DX", seriesInstanceUID: imageId };
    default:
      return undefined;
  }
}

/** Has Cornerstone show JPEG, PNG, WebP and BMP, as the browser decodes them. */
export function registerPictureLoader(): void {
  imageLoader.registerImageLoader(SCHEME, (imageId) => ({
    promise: loadPicture(imageId),
  }));
  metaData.addProvider(describePicture, 10_000);
}

/** The id by which Cornerstone loads a file's picture. */
export function imageIdOfPicture(file: File): string {
  const known = idOfFile.get(file);
  if (known) return known;
  const imageId = `${SCHEME}:${nextNumber++}`;
  idOfFile.set(file, imageId);
  return imageId;
}

/** Loads a picture, or throws why it cannot be drawn. */
export async function loadPictureOf(file: File): Promise<string> {
  const imageId = imageIdOfPicture(file);
  files.set(imageId, file);
  try {
    await imageLoader.loadAndCacheImage(imageId);
  } finally {
    files.delete(imageId);
  }
  return imageId;
}

export function forgetImage(imageId: string): void {
  sizes.delete(imageId);
  if (cache.getImageLoadObject(imageId)) cache.removeImageLoadObject(imageId);
}
