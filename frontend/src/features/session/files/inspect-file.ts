import type { RadiographFacts } from "@/lib/dicom/radiograph-facts";

import { type FileKind, kindOfFile } from "./file-kind";

/** What was found out of a file before it is sent. */
export interface InspectedFile {
  readonly file: File;
  readonly fileKind: FileKind;
  /** Of a DICOM file whose header can be read. */
  readonly facts: RadiographFacts | null;
}

/** Looks at a file's first bytes, and at the header of a DICOM file. */
export async function inspectFile(file: File): Promise<InspectedFile> {
  const fileKind = await kindOfFile(file);
  if (fileKind !== "dicom") return { file, fileKind, facts: null };
  try {
    const [{ readHeader }, { radiographFacts }] = await Promise.all([
      import("@/lib/dicom/data-set"),
      import("@/lib/dicom/radiograph-facts"),
    ]);
    return { file, fileKind, facts: radiographFacts(await readHeader(file)) };
  } catch {
    // Damaged: the service says how.
    return { file, fileKind, facts: null };
  }
}
