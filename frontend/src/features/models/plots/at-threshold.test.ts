import { describe, expect, it } from "vitest";

import { curves } from "@/lib/testing/cards";

import {
  benefitAt,
  precisionAt,
  predictiveValues,
  prevalenceOf,
  rocAt,
  sharesOf,
  wilsonInterval,
} from "./at-threshold";

describe("a curve at a threshold", () => {
  it("is its nearest measured point", () => {
    expect(rocAt(curves.roc, 0.55)).toEqual({ threshold: 0.52, sensitivity: 0.9, specificity: 0.9 });
    expect(rocAt(curves.roc, 0)).toEqual({ threshold: 0, sensitivity: 1, specificity: 0 });
    expect(precisionAt(curves.precision_recall, 0.88)?.precision).toBe(0.9);
    expect(benefitAt(curves.decision, 0.4)?.model).toBe(0.4);
  });

  it("is nothing where there is no curve", () => {
    expect([rocAt([], 0.5), precisionAt([], 0.5), benefitAt([], 0.5)]).toEqual([null, null, null]);
  });
});

describe("predictiveValues", () => {
  it("follows Bayes' rule", () => {
    // Of 1,000 with 100 ill: 90 found, 10 missed, 810 cleared, 90 called ill wrongly.
    const { positive, negative } = predictiveValues(0.9, 0.9, 0.1);
    expect(positive).toBeCloseTo(90 / 180);
    expect(negative).toBeCloseTo(810 / 820);
  });

  it("has none where no reading is positive, or none is negative", () => {
    expect(predictiveValues(0, 1, 0.1).positive).toBeNull();
    expect(predictiveValues(1, 0, 0.1).negative).toBeNull();
  });
});

describe("wilsonInterval", () => {
  // Figures of Newcombe, Statistics in Medicine 17, 1998, table I.
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])("of %d in %d", (cases, count, low, high) => {
    const [from, to] = wilsonInterval(cases / count, count);
    expect(from).toBeCloseTo(low, 4);
    expect(to).toBeCloseTo(high, 4);
  });
});

it("counts how common the finding is, and what share each bin holds", () => {
  const edges = [0, 0.5, 1];
  expect(prevalenceOf({ edges, positive: [1, 2], negative: [8, 1] })).toBe(0.25);
  expect(prevalenceOf({ edges, positive: [0, 0], negative: [0, 0] })).toBe(0);
  expect(sharesOf([1, 3])).toEqual([0.25, 0.75]);
});
