import { expect, it } from "vitest";

import { readingAnswer } from "@/lib/testing/answers";
import { fourFindingsAnswer } from "@/lib/testing/four-findings";

import { decideAgain } from "./verdicts";

it("asks for the decisions of each model once, and gives them in the readings' order", async () => {
  const one = readingAnswer({ bacterial: 0.1, viral: 0.2, decision: "negative" });
  const other = readingAnswer({ bacterial: 0.3, viral: 0.4, decision: "positive" });
  const asked: string[] = [];
  globalThis.fetch = async (input) => {
    const request = input as Request;
    const model = new URL(request.url).searchParams.get("model") ?? "";
    asked.push(model);
    const { readings } = (await request.json()) as { readings: { probabilities: Record<string, number> }[] };
    const answers = readings.map(({ probabilities }) => `${model} ${Object.values(probabilities)[0] ?? ""}`);
    return new Response(JSON.stringify(answers), { headers: { "Content-Type": "application/json" } });
  };
  const decided = await decideAgain([one, fourFindingsAnswer(), other], "0.5");
  expect(asked).toEqual(["pneumonia", "four"]);
  const [first, last] = [one, other].map(({ findings }) => findings[0]?.probability ?? 0);
  expect(decided).toEqual([`pneumonia ${first ?? 0}`, "four 0.44", `pneumonia ${last ?? 0}`]);
});
