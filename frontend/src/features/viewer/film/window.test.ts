import { expect, it } from "vitest";

import { changed, windowCarriedOver } from "./window";

const first = { centre: 127.5, width: 255 };

it("gets brighter by letting the centre fall, and on an inverted film by letting it rise", () => {
  const change = { wider: 0, brighter: 0.2 };
  expect(changed(first, first, change, false).centre).toBeCloseTo(127.5 - 51);
  expect(changed(first, first, change, true).centre).toBeCloseTo(127.5 + 51);
});

it("gets narrower and wider by shares of the first window, within bounds", () => {
  expect(changed(first, first, { wider: -0.4, brighter: 0 }, false).width).toBeCloseTo(153);
  expect(changed(first, first, { wider: -2, brighter: 0 }, false).width).toBeCloseTo(2.55);
  expect(changed(first, first, { wider: 9, brighter: 0 }, false).width).toBeCloseTo(1020);
});

it("means the same on a film of another depth", () => {
  const deep = { centre: 2048, width: 4096 };
  const now = { centre: 127.5 + 25.5, width: 127.5 };
  expect(windowCarriedOver(now, first, deep)).toEqual({ centre: 2048 + 409.6, width: 2048 });
});
