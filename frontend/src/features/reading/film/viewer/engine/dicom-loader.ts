import { imageLoader } from "@cornerstonejs/core";
import { wadouri } from "@cornerstonejs/dicom-image-loader";

const idOfFile = new WeakMap<File, string>();

/** Loads the first image of a DICOM file, or throws why it cannot be drawn. */
export async function loadDicomOf(file: File): Promise<string> {
  const imageId = idOfFile.get(file) ?? wadouri.fileManager.add(file);
  idOfFile.set(file, imageId);
  await imageLoader.loadAndCacheImage(imageId);
  return imageId;
}
