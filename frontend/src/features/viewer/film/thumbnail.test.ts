import { expect, it } from "vitest";

import type { FilmView } from "./film-view";
import { thumbnailLevels } from "./thumbnail";

/** A film of 4 by 2 pixels, whose values are their columns' numbers. */
function film(isInverse: boolean, isReadInverted: boolean): FilmView {
  return {
    picture: { columns: 4, rows: 2 },
    presets: [{ label: "", window: { centre: 2, width: 4 }, curve: { kind: "linear_exact" } }],
    facts: { isInverse },
    isReadInverted: () => isReadInverted,
    valueAt: ([x]: readonly [number, number]) => Math.floor(x),
  } as unknown as FilmView;
}

it.each([
  [false, false, [0.25, 0.5]],
  [true, false, [0.75, 0.5]],
  [false, true, [0.75, 0.5]],
  [true, true, [0.25, 0.5]],
])("shows the film's middle as the viewer does: %s, %s", (isInverse, isReadInverted, row) => {
  // The middle square has columns 1 and 2, a quarter and a half of the window's width.
  const levels = [...thumbnailLevels(film(isInverse, isReadInverted), 2)];
  [...row, ...row].forEach((level, index) => {
    expect(levels[index]).toBeCloseTo(level, 5);
  });
});
