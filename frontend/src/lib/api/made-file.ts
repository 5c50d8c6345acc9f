import { NoAnswerError, parseJson, problemFrom } from "./problem";

export interface MadeFile {
  /** As the server names it; null where it names none. */
  readonly fileName: string | null;
  readonly content: Blob;
  /** What the server warns about, such as writing that is burned into the picture; null where it does not. */
  readonly warning: string | null;
}

/**
 * Has the server make a file from a radiograph; it keeps neither.
 *
 * @throws {ProblemError} The server refused it and said why.
 * @throws {NoAnswerError} No answer came.
 */
export async function makeFile(address: string, file: File): Promise<MadeFile> {
  const form = new FormData();
  // The file's own name may be a patient's.
  form.append("file", file, "film");
  const answer = await fetch(address, { method: "POST", body: form }).catch((error: unknown) => {
    throw new NoAnswerError("No answer came from the server.", { cause: error });
  });
  if (!answer.ok) {
    throw problemFrom(answer.status, parseJson(await answer.text()), answer.headers.get("Retry-After"));
  }
  const named = /filename="([^"]+)"/.exec(answer.headers.get("Content-Disposition") ?? "");
  const warned = /"([^"]+)"/.exec(answer.headers.get("Warning") ?? "");
  return { fileName: named?.[1] ?? null, content: await answer.blob(), warning: warned?.[1] ?? null };
}
