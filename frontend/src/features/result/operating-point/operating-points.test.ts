import { describe, expect, it } from "vitest";

import { askedThreshold, percentOfAsked } from "./operating-points";

describe("askedThreshold", () => {
  it.each([
    ["40", "0.4"],
    ["0", "0"],
    ["100", "1"],
    [" 52.4 ", "0.524"],
    ["52,4", "0.524"],
    [".5", "0.005"],
    // 0.29 * 100 and 29 / 100 are no neighbours in binary.
    ["29", "0.29"],
  ])("turns %j into %j", (percent, asked) => {
    expect(askedThreshold(percent)).toBe(asked);
  });

  it.each(["", "-1", "100.1", "forty", "1e1", "4 0", "NaN"])("takes no %j", (percent) => {
    expect(askedThreshold(percent)).toBeNull();
  });
});

describe("percentOfAsked", () => {
  it.each(["0", "0.29", "0.524", "1"])("goes back and forth with %s", (asked) => {
    expect(askedThreshold(percentOfAsked(asked))).toBe(asked);
  });

  it.each([null, "sensitivity:0.98", "youden"])("is empty for %j", (asked) => {
    expect(percentOfAsked(asked)).toBe("");
  });
});
