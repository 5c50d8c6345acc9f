import { fullRange } from "@/lib/dicom/voi-curve";

import type { Film } from "./film-image";

const WHITE = 255;
/** Rows turned to grey at a time: a whole film in colour would take four times its memory. */
const STRIP_ROWS = 512;

/**
 * Decodes JPEG, PNG, WebP and BMP as the browser does: by luminance (ITU-R BT.601), upright as the
 * EXIF header has it.
 *
 * @throws The browser cannot decode it.
 */
export async function decodePicture(file: File): Promise<Film> {
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
  return {
    values: grey,
    columns,
    rows,
    lowest: 0,
    highest: WHITE,
    presets: [fullRange(0, WHITE)],
    isInverse: false,
    spacing: null,
    orientation: null,
    unit: "",
  };
}
