import { expect, it } from "vitest";

import { unsuitableAdvice } from "./unsuitable-advice";

function adviceOn(...codes: string[]): string[] {
  return unsuitableAdvice(codes.map((code) => ({ code })));
}

it.each(["not_a_chest", "unlike_training", "sideways", "upside_down", "lateral", "colour"])(
  "has one thing to do about %s",
  (code) => {
    const advice = adviceOn(code);
    expect(advice).toHaveLength(1);
    expect(advice[0]).toMatch(/^(Choose|Turn|Export) .+\.$/);
  },
);

it("says each thing once, in the order of the reasons", () => {
  const [turn] = adviceOn("sideways");
  const [film] = adviceOn("colour");
  expect(adviceOn("colour", "sideways", "upside_down")).toEqual([film, turn]);
});

it("says what is asked for where it does not know the reason", () => {
  expect(adviceOn("quite_new")).toEqual([expect.stringContaining("frontal chest radiograph")]);
  expect(adviceOn("constructor")).toEqual(adviceOn());
});
