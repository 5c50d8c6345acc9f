import { describe, expect, it } from "vitest";

import { anatomyAnswer } from "@/lib/testing/anatomy-answers";
import { readingAnswer } from "@/lib/testing/answers";
import { evidenceAnswer } from "@/lib/testing/evidence-answers";

import { faded, LAYERS_AT_FIRST, layersOf, toggled } from "./layers";

const read = readingAnswer({ bacterial: 0.7, viral: 0.2, decision: "positive" });

describe("layers' state", () => {
  it("begins with the evidence and the ratio's lines, the outlines left off", () => {
    expect([...LAYERS_AT_FIRST.shown]).toEqual(["evidence", "ratio"]);
  });

  it("is changed without changing what it was", () => {
    const without = toggled(LAYERS_AT_FIRST, "evidence");
    expect(without.shown.has("evidence")).toBe(false);
    expect(LAYERS_AT_FIRST.shown.has("evidence")).toBe(true);
    expect(toggled(without, "evidence").shown.has("evidence")).toBe(true);
  });

  it("fades within bounds, and switches on what is faded", () => {
    const state = faded(LAYERS_AT_FIRST, "lungs", 1.7);
    expect(state.opacity.lungs).toBe(1);
    expect(state.shown.has("lungs")).toBe(true);
    expect(faded(state, "lungs", -1).opacity.lungs).toBe(0);
  });

  it("has no layer of what was not told", () => {
    expect(layersOf(read)).toEqual([]);
    expect(layersOf({ ...read, evidence: evidenceAnswer() })).toEqual(["evidence", "contours"]);
    expect(layersOf({ ...read, evidence: evidenceAnswer({ is_shown: false }) })).toEqual([]);
    const further = { ...read.readings[0], evidence: evidenceAnswer() } as (typeof read.readings)[number];
    expect(layersOf({ ...read, readings: [...read.readings, further] })).toEqual(["evidence", "contours"]);
    expect(layersOf({ ...read, anatomy: anatomyAnswer() })).toEqual(["lungs", "heart", "ratio"]);
  });
});
