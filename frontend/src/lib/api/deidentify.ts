import { NoAnswerError, parseJson, problemFrom } from "./problem";

export interface Deidentified {
  readonly fileName: string;
  readonly content: Blob;
  /** What the server warns about, such as writing that is burned into the picture; null where it does not. */
  readonly warning: string | null;
}

/**
 * Has the server take a DICOM file's identity out; it keeps nothing.
 *
 * @throws ProblemError or NoAnswerError
 */
export async function deidentify(file: File): Promise<Deidentified> {
  const form = new FormData();
  // The file's own name may be a patient's.
  form.append("file", file, "film.dcm");
  const answer = await fetch("/deidentify", { method: "POST", body: form }).catch((error: unknown) => {
    throw new NoAnswerError("No answer came from the server.", { cause: error });
  });
  if (!answer.ok) {
    throw problemFrom(answer.status, parseJson(await answer.text()), answer.headers.get("Retry-After"));
  }
  const named = /filename="([^"]+)"/.exec(answer.headers.get("Content-Disposition") ?? "");
  const warned = /"([^"]+)"/.exec(answer.headers.get("Warning") ?? "");
  return {
    fileName: named?.[1] ?? "deidentified.dcm",
    content: await answer.blob(),
    warning: warned?.[1] ?? null,
  };
}
