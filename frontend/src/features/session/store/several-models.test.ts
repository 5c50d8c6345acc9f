import { beforeEach, expect, it, vi } from "vitest";

import type { Decide } from "@/lib/api/verdicts";
import { readingAnswer } from "@/lib/testing/answers";
import { FakeXhr } from "@/lib/testing/fake-xhr";
import { twoModelsAnswer } from "@/lib/testing/two-models";

import { answeredOf } from "./entry";
import { ReadingSession } from "./reading-session";
import { files, settle } from "./session-steps";

beforeEach(() => {
  FakeXhr.install();
});

it("reads by the server's default until models are chosen, and by those from then on", () => {
  const session = new ReadingSession();
  session.add(files("a"));
  session.chooseModels(["four", "pneumonia"]);
  session.clear();
  session.add(files("b"));
  const asked = (name: string) => new URL(FakeXhr.of(name).url, "http://page").searchParams.getAll("model");
  expect([asked("a"), asked("b")]).toEqual([[], ["four", "pneumonia"]]);
});

it("has each model decide anew on what it read, of one film and of the next", async () => {
  const both = twoModelsAnswer();
  const alone = readingAnswer({ bacterial: 0.1, viral: 0.1, decision: "negative" });
  const negative = readingAnswer({ bacterial: 0.7, viral: 0.2, decision: "negative" });
  const positive = readingAnswer({ bacterial: 0.1, viral: 0.1, decision: "positive" });
  const decide = vi.fn<Decide>().mockResolvedValueOnce([both, negative, positive]);
  const session = new ReadingSession(undefined, decide);
  session.add(files("a", "b"));
  FakeXhr.of("a").answer({ status: 200, body: both });
  FakeXhr.of("b").answer({ status: 200, body: alone });
  await settle();
  await session.chooseOperatingPoint("0.95");

  const asked = decide.mock.calls[0]?.[0].map(({ model, findings }) => [model.name, findings.length]);
  expect(asked).toEqual([
    ["four", 4],
    ["pneumonia", 4],
    ["pneumonia", 4],
  ]);
  const [first, second] = session.snapshot().entries.map((entry) => answeredOf(entry)?.answer);
  expect(first?.readings.map(({ decision }) => decision)).toEqual(["uncertain", "negative"]);
  // The further model's evidence is hidden with its decision, the main one's stays.
  expect(first?.readings[1]?.evidence).toMatchObject({ is_shown: false, findings: [] });
  expect(first?.evidence?.is_shown).toBe(true);
  expect([second?.decision, second?.readings[0]?.decision]).toEqual(["positive", "positive"]);
});
