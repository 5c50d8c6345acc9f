import { expect, it } from "vitest";

import { parseJson, problemFrom } from "./problem";

it("takes the slug from the end of the type, whatever stands before it", () => {
  expect(problemFrom(415, { type: "/problems/unsupported-format" }, null).slug).toBe("unsupported-format");
  expect(problemFrom(415, { type: "/problems/unsupported-format" }, null).slug).toBe("unsupported-format");
});

it("makes a problem of an answer that is none, such as a proxy's page", () => {
  const { problem } = problemFrom(502, parseJson("<html>Bad gateway</html>"), null);
  expect(problem).toMatchObject({
    status: 502,
    title: "The server answered with status 502",
    requestId: null,
  });
});

it("reads Retry-After in seconds, and ignores a date", () => {
  expect(problemFrom(503, {}, "2").problem.retryAfterSeconds).toBe(2);
  expect(problemFrom(503, {}, "Fri, 20 Nov 2026 10:00:00 GMT").problem.retryAfterSeconds).toBeNull();
});

it("takes the reasons of a refusal, and leaves out what is none", () => {
  const reason = { code: "not_a_chest", words: "No lungs can be made out in this picture." };
  const body = { type: "/problems/unsuitable-radiograph", reasons: [reason, "colour", { code: 1 }] };
  expect(problemFrom(422, body, null).problem.reasons).toEqual([reason]);
  expect(problemFrom(422, { reasons: "colour" }, null).problem.reasons).toEqual([]);
});
