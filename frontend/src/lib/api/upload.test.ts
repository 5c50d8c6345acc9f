import { beforeEach, describe, expect, it, vi } from "vitest";

import { problem, readingAnswer } from "@/lib/testing/answers";
import { FakeXhr } from "@/lib/testing/fake-xhr";

import { CancelledError, NoAnswerError, ProblemError } from "./problem";
import { readRadiograph } from "./upload";

const file = new File(["bytes"], "chest.jpg");

beforeEach(() => {
  FakeXhr.install();
});

describe("readRadiograph", () => {
  it("posts the file to /predict and gives the answer", async () => {
    const answer = readingAnswer({ bacterial: 0.7, viral: 0.2, decision: "positive" });
    const reading = readRadiograph(file);
    const request = FakeXhr.of("chest.jpg");
    expect([request.method, request.url]).toEqual(["POST", "/predict?language=en"]);
    request.answer({ status: 200, body: answer });
    await expect(reading).resolves.toEqual(answer);
  });

  it("asks for another operating point, for anatomy, and for a reading all the same", () => {
    void readRadiograph(file, { withAnatomy: true, operatingPoint: "sensitivity:0.98", force: true });
    const { pathname, searchParams } = new URL(FakeXhr.of("chest.jpg").url, "http://page");
    expect(pathname).toBe("/predict");
    expect(Object.fromEntries(searchParams)).toEqual({
      language: "en",
      anatomy: "true",
      operating_point: "sensitivity:0.98",
      force: "true",
    });
  });

  it("asks for nothing that was not chosen but the language of the page", () => {
    void readRadiograph(file, { withAnatomy: false, operatingPoint: null, force: false });
    expect(FakeXhr.of("chest.jpg").url).toBe("/predict?language=en");
  });

  it("reports the share that was sent", async () => {
    const onProgress = vi.fn();
    const reading = readRadiograph(file, { onProgress });
    const request = FakeXhr.of("chest.jpg");
    request.progress(25, 100);
    request.progress(80, 100);
    request.answer({ status: 200, body: {} });
    await reading;
    expect(onProgress.mock.calls).toEqual([[0.25], [0.8], [1]]);
  });

  it("stops when its signal is aborted", async () => {
    const controller = new AbortController();
    const reading = readRadiograph(file, { signal: controller.signal });
    controller.abort();
    await expect(reading).rejects.toBeInstanceOf(CancelledError);
    expect(FakeXhr.of("chest.jpg").aborted).toBe(true);
  });

  it("sends nothing when it was aborted before", async () => {
    await expect(readRadiograph(file, { signal: AbortSignal.abort() })).rejects.toBeInstanceOf(
      CancelledError,
    );
    expect(FakeXhr.sent).toHaveLength(0);
  });

  it("throws the server's problem, with Retry-After", async () => {
    const reading = readRadiograph(file);
    FakeXhr.of("chest.jpg").answer({
      status: 503,
      body: problem("busy", 503),
      headers: { "Retry-After": "4" },
    });
    const error: unknown = await reading.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ProblemError);
    expect(error).toMatchObject({ slug: "busy", problem: { retryAfterSeconds: 4, requestId: "request-7" } });
  });

  it("throws a problem for a 200 that is no JSON", async () => {
    const reading = readRadiograph(file);
    FakeXhr.of("chest.jpg").answer({ status: 200, body: "<html></html>" });
    await expect(reading).rejects.toBeInstanceOf(ProblemError);
  });

  it("says that no answer came when the network fails", async () => {
    const reading = readRadiograph(file);
    FakeXhr.of("chest.jpg").fail();
    await expect(reading).rejects.toBeInstanceOf(NoAnswerError);
  });
});
