import { describe, expect, it } from "vitest";

import { matrixOf, mirrored } from "../film/geometry";
import { edgeLetters } from "./orientation-letters";

const viewport = { width: 800, height: 600 };
const upright = { centre: [500, 400], scale: 0.5, turned: 0 } as const;

/** Clockwise from the top, as a reader goes round a film. */
function around(orientation: readonly [string, string], placement: Parameters<typeof matrixOf>[0]): string {
  const { top, right, bottom, left } = edgeLetters(orientation, matrixOf(placement, viewport));
  return [top, right, bottom, left].join(" ");
}

describe("edgeLetters", () => {
  it("has the patient's left on the right of a frontal film, the head on top", () => {
    expect(around(["L", "F"], upright)).toBe("H L F R");
  });

  it("has front and back on a lateral film", () => {
    expect(around(["P", "F"], upright)).toBe("H P F A");
  });

  it.each([
    // A turn to the right brings what was on the left to the top.
    [90, "R H L F"],
    [180, "F R H L"],
    [270, "L F R H"],
  ])("turns with the film, by %d degrees", (turned, letters) => {
    expect(around(["L", "F"], { ...upright, turned })).toBe(letters);
  });

  it("changes sides in the mirror, and comes back in a second one", () => {
    expect(around(["L", "F"], mirrored(upright))).toBe("H R F L");
    expect(around(["L", "F"], mirrored(mirrored(upright)))).toBe("H L F R");
  });

  it("mirrors what is seen, so that a film on its side changes right and left of the screen", () => {
    // Turned right: top R, right H, bottom L, left F; the mirror swaps H and F.
    expect(around(["L", "F"], mirrored({ ...upright, turned: 90 }))).toBe("R F L H");
  });
});
