/** The page's own addresses. `/models/…` is the API's, which sends browsers on to these. */
export const READING_PATH = "/";
export const RECEIVED_PATH = "/received";
export const MODEL_PATTERN = "/about/:name";

/** The page of a model's card; `name` or `name@version`. */
export function modelPath(name: string): string {
  return `/about/${encodeURIComponent(name).replaceAll("%40", "@")}`;
}

/** The model that an address names: the router decodes all but reserved characters such as `@` and `+`. */
export function modelOfPath(part: string): string {
  return part.replaceAll("%40", "@").replaceAll("%2B", "+");
}
