import { LANGUAGE } from "@/lib/words/catalogue";

import { CancelledError, NoAnswerError, parseJson, problemFrom } from "./problem";
import type { ReadingAnswer } from "./types";

export interface UploadOptions {
  /** Told the share of the file that has been sent, in [0, 1]. */
  readonly onProgress?: (share: number) => void;
  readonly signal?: AbortSignal;
  /** Have lungs, heart and their ratio measured too. */
  readonly withAnatomy?: boolean;
  /** Have told which part of the picture the reading rests on. */
  readonly withEvidence?: boolean;
  /** As the API takes it: "sensitivity:0.98", "0.4"; null for the model's own. */
  readonly operatingPoint?: string | null;
  /** The addresses of the models that read it, the main one first; null for the server's default. */
  readonly models?: readonly string[] | null;
  /** Read it even where it is not suitable. */
  readonly force?: boolean;
  /** Turn a film upright that lies on its side or upside down, and read it. */
  readonly turnUpright?: boolean;
}

function address(options: UploadOptions): string {
  const { withAnatomy, withEvidence, operatingPoint, models, force, turnUpright } = options;
  const query = new URLSearchParams({ language: LANGUAGE });
  for (const name of models ?? []) query.append("model", name);
  if (withAnatomy) query.set("anatomy", "true");
  if (withEvidence) for (const part of ["map", "contour"]) query.append("evidence", part);
  if (operatingPoint) query.set("operating_point", operatingPoint);
  if (force) query.set("force", "true");
  if (turnUpright) query.set("orient", "auto");
  return `/predict?${query}`;
}

/**
 * Sends one radiograph to be read.
 *
 * It goes by XMLHttpRequest, since `fetch` can't say how much of an upload has been sent.
 *
 * @throws {ProblemError} The server refused it and said why.
 * @throws {NoAnswerError} No answer came.
 * @throws {CancelledError} `signal` was aborted.
 */
export function readRadiograph(file: File, options: UploadOptions = {}): Promise<ReadingAnswer> {
  const { onProgress, signal } = options;
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const cancel = () => {
      request.abort();
    };
    const settle = (finish: () => void) => {
      signal?.removeEventListener("abort", cancel);
      finish();
    };

    request.upload.onprogress = (event) => {
      if (event.lengthComputable && event.total > 0) onProgress?.(event.loaded / event.total);
    };
    request.upload.onload = () => onProgress?.(1);
    request.onload = () => {
      settle(() => {
        const body = parseJson(request.responseText);
        if (request.status >= 200 && request.status < 300 && body !== null) resolve(body as ReadingAnswer);
        else reject(problemFrom(request.status, body, request.getResponseHeader("Retry-After")));
      });
    };
    request.onerror = () => {
      settle(() => {
        reject(new NoAnswerError("No answer came from the server."));
      });
    };
    request.onabort = () => {
      settle(() => {
        reject(new CancelledError("The upload was cancelled."));
      });
    };

    if (signal?.aborted) {
      reject(new CancelledError("The upload was cancelled."));
      return;
    }
    signal?.addEventListener("abort", cancel);
    const form = new FormData();
    form.append("file", file, file.name);
    request.open("POST", address(options));
    request.setRequestHeader("Accept", "application/json, application/problem+json");
    request.send(form);
  });
}
