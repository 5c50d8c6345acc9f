/** What the page says when a radiograph could not be read: what was wrong, and what to do. */
import { NoAnswerError, ProblemError } from "@/lib/api/problem";

export interface ProblemWords {
  readonly title: string;
  /** The same in two or three words, for the list. */
  readonly short: string;
  readonly advice: string;
  /** Whether sending the same file again may work. */
  readonly canRetry: boolean;
  /** What the server said itself, where it adds something. */
  readonly serverSaid: string | null;
  readonly requestId: string | null;
}

type Words = Pick<ProblemWords, "title" | "short" | "advice" | "canRetry">;

const FORMATS = "JPEG, PNG, WebP, TIFF, BMP or DICOM";

function soon(seconds: number | null): string {
  if (seconds === null) return "in a moment";
  return seconds === 1 ? "in a second" : `in ${Math.ceil(seconds)} seconds`;
}

const words: Record<string, (error: ProblemError) => Words> = {
  "missing-file": () => ({
    title: "No file reached the server",
    short: "No file arrived",
    advice: "Choose the radiograph again. If it lies in cloud storage, download it first.",
    canRetry: true,
  }),
  "empty-file": () => ({
    title: "The file is empty",
    short: "Empty file",
    advice: "It holds no bytes. Copy or export the radiograph again, then choose the new file.",
    canRetry: false,
  }),
  "invalid-request": () => ({
    title: "The server did not understand the request",
    short: "Not understood",
    advice: "The page may be older than the server. Reload the page and choose the file again.",
    canRetry: false,
  }),
  "unsupported-format": () => ({
    title: "This is not a picture that can be read",
    short: "Not a picture",
    advice: `Choose a radiograph as ${FORMATS}. A renamed file keeps its old format; export it anew instead.`,
    canRetry: false,
  }),
  "corrupt-image": () => ({
    title: "The picture is damaged or cut short",
    short: "Damaged picture",
    advice: "Copy or export it again from where it came from, and make sure the copy was completed.",
    canRetry: false,
  }),
  "too-large": () => ({
    title: "The file is too large",
    short: "Too large",
    advice:
      "Export the radiograph with fewer pixels, or compressed. The model needs no more than about 2,000 pixels a side.",
    canRetry: false,
  }),
  "unreadable-radiograph": () => ({
    title: "There is no radiograph to read in this picture",
    short: "No radiograph in it",
    advice:
      "It is too small, too narrow, or all of one brightness. Choose the whole frontal chest radiograph.",
    canRetry: false,
  }),
  "unsuitable-radiograph": ({ problem }) => ({
    title: "This picture is not suitable to be read",
    short: "Not suitable",
    // The detail is the same reasons once more.
    advice: problem.reasons.length > 0 ? "This speaks against it:" : problem.detail,
    canRetry: false,
  }),
  "invalid-operating-point": () => ({
    title: "The model cannot be read at this operating point",
    short: "No such point",
    advice: "Your file is fine. Choose another operating point.",
    canRetry: false,
  }),
  "unknown-model": ({ problem }) => ({
    title: "The server does not have this model",
    short: "No such model",
    advice:
      problem.known.length > 0
        ? `It has: ${problem.known.join(", ")}. Choose one of them, or reload the page to use its default.`
        : "Reload the page to use its default.",
    canRetry: true,
  }),
  "model-unavailable": () => ({
    title: "The model is not ready",
    short: "Model not ready",
    advice: "Your file is fine. Try again once the server has its model; whoever runs it can see why below.",
    canRetry: true,
  }),
  busy: ({ problem }) => ({
    title: "The server is busy",
    short: "Server busy",
    advice: `Your file is fine. Try again ${soon(problem.retryAfterSeconds)}.`,
    canRetry: true,
  }),
  unauthenticated: () => ({
    title: "You are signed out",
    short: "Signed out",
    advice: "Your file is fine. Sign in, then try again.",
    canRetry: true,
  }),
  "not-found": () => ({
    title: "The server has no such address",
    short: "Not read",
    advice:
      "The page and the server do not match. Reload the page; if that changes nothing, tell whoever runs it.",
    canRetry: false,
  }),
  "method-not-allowed": () => ({
    title: "The server does not take this request here",
    short: "Not read",
    advice:
      "The page and the server do not match. Reload the page; if that changes nothing, tell whoever runs it.",
    canRetry: false,
  }),
  internal: () => ({
    title: "Something went wrong in the server",
    short: "Server error",
    advice: "Try again. If it happens again, give the request number below to whoever runs the server.",
    canRetry: true,
  }),
};

/** Slugs whose own detail adds a fact (which field, which format, which limit, why). */
const DETAIL_ADDS = new Set([
  "invalid-request",
  "unsupported-format",
  "corrupt-image",
  "too-large",
  "unreadable-radiograph",
  "invalid-operating-point",
  "model-unavailable",
]);

export function problemWords(error: unknown): ProblemWords {
  if (error instanceof ProblemError) {
    const { problem, slug } = error;
    const known = Object.hasOwn(words, slug) ? words[slug]?.(error) : undefined;
    if (!known) {
      const canRetry = problem.status >= 500 || problem.status === 429;
      return {
        title: problem.title,
        short: "Not read",
        advice: problem.detail,
        canRetry,
        serverSaid: null,
        requestId: problem.requestId,
      };
    }
    const serverSaid = DETAIL_ADDS.has(slug) ? problem.detail : null;
    return { ...known, serverSaid, requestId: problem.requestId };
  }
  if (error instanceof NoAnswerError) {
    return {
      title: "No answer came from the server",
      short: "No answer",
      advice:
        "It may be off, or the network is gone, or it closed the connection because the file is far too large. " +
        "Check that the server runs, then try again.",
      canRetry: true,
      serverSaid: null,
      requestId: null,
    };
  }
  return {
    title: "Something went wrong in this page",
    short: "Not read",
    advice: "Reload the page and choose the file again.",
    canRetry: true,
    serverSaid: error instanceof Error ? error.message : null,
    requestId: null,
  };
}
