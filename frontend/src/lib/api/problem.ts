/** Why a picture is not suitable, or what was noticed of it: a stable code, and words for people. */
export interface ProblemReason {
  readonly code: string;
  readonly words: string;
}

/** What the API answers when it can't do what was asked (RFC 9457). */
export interface ProblemDetails {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly requestId: string | null;
  readonly retryAfterSeconds: number | null;
  /** Names of the models that the server knows; sent with `unknown-model`. */
  readonly known: readonly string[];
  /** Why the picture was not read; sent with `unsuitable-radiograph`. */
  readonly reasons: readonly ProblemReason[];
}

/** Sent to the window when the server answers that this browser is not signed in. */
export const SIGNED_OUT_EVENT = "hilum-signed-out";
const UNAUTHENTICATED = 401;

/** A failure that the server described. */
export class ProblemError extends Error {
  override readonly name = "ProblemError";

  constructor(readonly problem: ProblemDetails) {
    super(problem.title);
  }

  /** The stable last part of the problem's type, which is what code branches on. */
  get slug(): string {
    return this.problem.type.split("/").at(-1) ?? "";
  }
}

/** No answer came: the server is down, the network is gone, or the connection was closed. */
export class NoAnswerError extends Error {
  override readonly name = "NoAnswerError";
}

/** The person stopped it. */
export class CancelledError extends Error {
  override readonly name = "CancelledError";
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function textOr(value: unknown, fallback: string): string {
  return typeof value === "string" && value !== "" ? value : fallback;
}

function isReason(value: unknown): value is ProblemReason {
  return isRecord(value) && typeof value.code === "string" && typeof value.words === "string";
}

/** Reads a failed answer's body, whatever a server or a proxy on the way put into it. */
export function problemFrom(status: number, body: unknown, retryAfter: string | null): ProblemError {
  const fields = isRecord(body) ? body : {};
  if (status === UNAUTHENTICATED) window.dispatchEvent(new Event(SIGNED_OUT_EVENT));
  const seconds = retryAfter === null ? Number.NaN : Number(retryAfter);
  return new ProblemError({
    type: textOr(fields.type, "about:blank"),
    title: textOr(fields.title, `The server answered with status ${status}`),
    status,
    detail: textOr(fields.detail, "It gave no reason."),
    requestId: typeof fields.request_id === "string" ? fields.request_id : null,
    retryAfterSeconds: Number.isFinite(seconds) ? seconds : null,
    known: Array.isArray(fields.known) ? fields.known.filter((name) => typeof name === "string") : [],
    reasons: Array.isArray(fields.reasons) ? fields.reasons.filter(isReason) : [],
  });
}

/** The value a JSON text stands for, or null where it is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
