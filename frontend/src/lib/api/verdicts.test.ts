import { expect, it } from "vitest";

import { readingAnswer } from "@/lib/testing/answers";
import { fourFindingsAnswer } from "@/lib/testing/four-findings";

import { decideAgain } from "./verdicts";

it("asks for the decisions of each version of a model once, and gives them in the readings' order", async () => {
  const one = readingAnswer({ bacterial: 0.1, viral: 0.2, decision: "negative" });
  const other = readingAnswer({ bacterial: 0.3, viral: 0.4, decision: "positive" });
  const asked: string[] = [];
  globalThis.fetch = async (input) => {
    const request = input as Request;
    const model = new URL(request.url).searchParams.get("model") ?? "";
    asked.push(model);
    expect(new URL(request.url).searchParams.get("language")).toBe("en");
    const { readings } = (await request.json()) as { readings: { probabilities: Record<string, number> }[] };
    const answers = readings.map(({ probabilities }) => `${model} ${Object.values(probabilities)[0] ?? ""}`);
    return new Response(JSON.stringify(answers), { headers: { "Content-Type": "application/json" } });
  };
  const newer = { ...one, model: { ...one.model, version: "2027.1.0" } };
  const decided = await decideAgain([one, fourFindingsAnswer(), newer, other], "0.5");
  expect(asked).toEqual(["pneumonia@2026.11.1", "four@1.0.0", "pneumonia@2027.1.0"]);
  const [first, last] = [one, other].map(({ findings }) => findings[0]?.probability ?? 0);
  expect(decided).toEqual([
    `pneumonia@2026.11.1 ${first ?? 0}`,
    "four@1.0.0 0.44",
    `pneumonia@2027.1.0 ${first ?? 0}`,
    `pneumonia@2026.11.1 ${last ?? 0}`,
  ]);
});
