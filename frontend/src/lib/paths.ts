/** The page's own addresses. `/models/…` is the API's, which sends browsers on to these. */
export const READING_PATH = "/";
export const RECEIVED_PATH = "/received";
export const MODEL_PATTERN = "/about/:name";

export function modelPath(name: string): string {
  return `/about/${encodeURIComponent(name)}`;
}
