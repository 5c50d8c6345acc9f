import createClient, { type Middleware } from "openapi-fetch";

import { NoAnswerError, parseJson, problemFrom } from "./problem";
import type { paths } from "./schema";

const throwProblems: Middleware = {
  async onResponse({ response }) {
    if (response.ok) return;
    throw problemFrom(response.status, parseJson(await response.text()), response.headers.get("Retry-After"));
  },
  onError({ error }) {
    return new NoAnswerError("No answer came from the server.", { cause: error });
  },
};

/** The typed client of the API. Anything but a success throws a `ProblemError` or a `NoAnswerError`. */
export const api = createClient<paths>({
  baseUrl: window.location.origin,
  // Looked up at each call, so that a test can put its own in place.
  fetch: (request) => globalThis.fetch(request),
});
api.use(throwProblems);
