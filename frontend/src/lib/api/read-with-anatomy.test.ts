import { QueryClient } from "@tanstack/react-query";
import { beforeEach, expect, it, vi } from "vitest";

import { problem } from "@/lib/testing/answers";
import { FakeXhr } from "@/lib/testing/fake-xhr";
import { stubFetch } from "@/lib/testing/render-page";

import { readerWithAnatomy } from "./read-with-anatomy";

const file = new File(["bytes"], "chest.jpg");

async function addressAsked(): Promise<string> {
  void readerWithAnatomy(new QueryClient())(file);
  return vi.waitFor(() => FakeXhr.of("chest.jpg").url);
}

beforeEach(() => {
  FakeXhr.install();
});

it("asks for anatomy where the server has it", async () => {
  stubFetch({ "/models/anatomy": { status: 200, body: { kind: "anatomy" } } });
  expect(await addressAsked()).toBe("/predict?language=en&anatomy=true&evidence=map&evidence=contour");
});

it.each([
  ["can't be loaded", { "/models/anatomy": { status: 503, body: problem("model-unavailable", 503) } }],
  ["is unknown", { "/models/anatomy": { status: 404, body: problem("unknown-model", 404) } }],
  ["is not told of", {}],
])("asks for the reading alone where the anatomy bundle %s", async (_, answers) => {
  stubFetch(answers);
  expect(await addressAsked()).toBe("/predict?language=en&evidence=map&evidence=contour");
});

it("asks the server once for all of a session's files", async () => {
  const fetchOnce = vi.fn(() => Promise.resolve(new Response("{}", { status: 200 })));
  vi.stubGlobal("fetch", fetchOnce);
  const read = readerWithAnatomy(new QueryClient());
  void read(file);
  void read(new File(["bytes"], "second.jpg"));
  await vi.waitFor(() => FakeXhr.of("second.jpg"));
  expect(fetchOnce).toHaveBeenCalledTimes(1);
});
