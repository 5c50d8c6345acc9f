import { describe, expect, it } from "vitest";

import { NoAnswerError, problemFrom } from "@/lib/api/problem";
import { problem } from "@/lib/testing/answers";

import { problemWords } from "./problem-words";

function wordsOf(slug: string, status: number, more = {}, retryAfter: string | null = null) {
  return problemWords(problemFrom(status, problem(slug, status, more), retryAfter));
}

describe("problemWords", () => {
  it.each([
    ["missing-file", 422, "No file reached the server", true],
    ["empty-file", 422, "The file is empty", false],
    ["invalid-request", 422, "The server did not understand the request", false],
    ["unsupported-format", 415, "This is not a picture that can be read", false],
    ["corrupt-image", 400, "The picture is damaged or cut short", false],
    ["too-large", 413, "The file is too large", false],
    ["unreadable-radiograph", 422, "There is no radiograph to read in this picture", false],
    ["unsuitable-radiograph", 422, "This picture is not suitable to be read", false],
    ["invalid-operating-point", 422, "The model cannot be read at this operating point", false],
    ["unknown-model", 404, "The server does not have this model", true],
    ["model-unavailable", 503, "The model is not ready", true],
    ["busy", 503, "The server is busy", true],
    ["not-found", 404, "The server has no such address", false],
    ["method-not-allowed", 405, "The server does not take this request here", false],
    ["internal", 500, "Something went wrong in the server", true],
  ])("puts %s (%d) into words of its own", (slug, status, title, canRetry) => {
    const words = wordsOf(slug, status);
    expect(words).toMatchObject({ title, canRetry, requestId: "request-7" });
    expect(words.advice).toMatch(/\.$/);
    expect(words.short.length).toBeLessThan(22);
  });

  it("says when a busy server may be asked again", () => {
    expect(wordsOf("busy", 503, {}, "4").advice).toContain("in 4 seconds");
    expect(wordsOf("busy", 503, {}, "1").advice).toContain("in a second");
    expect(wordsOf("busy", 503).advice).toContain("in a moment");
  });

  it("says of a refusal what the server said where it gave no reasons", () => {
    expect(wordsOf("unsuitable-radiograph", 422).advice).toBe("Detail of unsuitable-radiograph.");
  });

  it("names the models that the server has", () => {
    expect(wordsOf("unknown-model", 404, { known: ["pneumonia", "findings"] }).advice).toContain(
      "pneumonia, findings",
    );
  });

  it("shows the server's own detail where it adds a fact", () => {
    expect(wordsOf("model-unavailable", 503).serverSaid).toBe("Detail of model-unavailable.");
    expect(wordsOf("internal", 500).serverSaid).toBeNull();
  });

  it("falls back to title and detail for a problem it does not know", () => {
    expect(wordsOf("quite-new", 409)).toMatchObject({
      title: "Title of quite-new",
      advice: "Detail of quite-new.",
      canRetry: false,
    });
    expect(wordsOf("constructor", 500)).toMatchObject({ title: "Title of constructor", canRetry: true });
  });

  it("has words for a network that failed, and for a fault of its own", () => {
    expect(problemWords(new NoAnswerError("x"))).toMatchObject({
      title: "No answer came from the server",
      canRetry: true,
    });
    expect(problemWords(new TypeError("x")).title).toBe("Something went wrong in this page");
  });
});
