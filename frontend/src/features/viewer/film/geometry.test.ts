import { describe, expect, it } from "vitest";

import {
  carriedOver,
  fitted,
  gridMatrix,
  isFitted,
  matrixFromCorners,
  matrixOf,
  mirrored,
  moved,
  placementOf,
  toPicture,
  toViewport,
  transformOf,
  turnedBy,
  upOf,
} from "./geometry";

const viewport = { width: 800, height: 600 };
const landscape = { columns: 1800, rows: 1400 };

function closeTo(point: readonly number[], expected: readonly number[]) {
  point.forEach((value, index) => {
    expect(value).toBeCloseTo(expected[index] ?? NaN, 6);
  });
}

describe("matrixFromCorners", () => {
  it("takes the picture's corners to where they are on the screen", () => {
    const matrix = matrixFromCorners(landscape, [10, 20], [910, 20], [10, 720]);
    expect(matrix).toEqual([0.5, 0, 0, 0.5, 10, 20]);
    closeTo(toViewport(matrix, [1800, 1400]), [910, 720]);
  });

  it("holds for a picture that lies on its side", () => {
    // A quarter turn clockwise: the picture's right is down, its bottom is to the left.
    const matrix = matrixFromCorners({ columns: 10, rows: 20 }, [100, 0], [100, 10], [80, 0]);
    closeTo(toViewport(matrix, [10, 20]), [80, 10]);
    closeTo(toPicture(matrix, [80, 10]), [10, 20]);
  });
});

describe("placements", () => {
  it("fit the whole picture in the middle", () => {
    // 800 / 1800 = 0.444 is over 600 / 1400 = 0.4286, so the height decides.
    const { centre, scale } = fitted(landscape, viewport);
    expect(scale).toBeCloseTo(600 / 1400);
    expect(centre).toEqual([900, 700]);
    const matrix = matrixOf(fitted(landscape, viewport), viewport);
    closeTo(toViewport(matrix, [900, 700]), [400, 300]);
    closeTo(toViewport(matrix, [0, 0]), [400 - (900 * 600) / 1400, 0]);
  });

  it("come out of the matrix as they went in", () => {
    const placement = { centre: [123, 456], scale: 1.75, turned: 270 } as const;
    const again = placementOf(matrixOf(placement, viewport), viewport);
    expect(again.turned).toBeCloseTo(270);
    expect(again.scale).toBeCloseTo(1.75);
    closeTo(again.centre, [123, 456]);
  });

  it("turn clockwise: the upper left corner goes to the upper right", () => {
    const matrix = matrixOf({ centre: [5, 5], scale: 10, turned: 90 }, { width: 100, height: 100 });
    closeTo(toViewport(matrix, [0, 0]), [100, 0]);
    closeTo(toViewport(matrix, [10, 0]), [100, 100]);
  });

  it("stay fitted when a fitted picture is turned, and keep their place when not", () => {
    const side = turnedBy(fitted(landscape, viewport), 90, landscape, viewport);
    // On its side it is 1400 wide and 1800 high: 600 / 1800 decides.
    expect(side.scale).toBeCloseTo(600 / 1800);
    expect(isFitted(side, landscape, viewport)).toBe(true);
    const near = { centre: [300, 400], scale: 2, turned: 270 } as const;
    expect(turnedBy(near, 90, landscape, viewport)).toEqual({ ...near, turned: 0 });
  });

  it.each([0, 90, 180, 33])("move with the screen, turned by %d degrees", (turned) => {
    const before = { centre: [500, 500], scale: 0.8, turned } as const;
    const point = [432, 234] as const;
    const [x, y] = toViewport(matrixOf(before, viewport), point);
    closeTo(toViewport(matrixOf(moved(before, [30, -12]), viewport), point), [x + 30, y - 12]);
  });

  it("are carried over to a film of another size by shares", () => {
    const small = { columns: 900, rows: 700 };
    const placement = { centre: [450, 700], scale: (2 * 600) / 1400, turned: 0 } as const;
    const other = carriedOver(placement, { picture: landscape, viewport }, { picture: small, viewport });
    expect(other.centre).toEqual([225, 350]);
    expect(other.scale).toBeCloseTo((2 * 600) / 700);
  });
});

describe("mirrored placements", () => {
  const placement = { centre: [300, 400], scale: 0.75, turned: 90, isFlipped: false } as const;

  it.each([0, 90, 33])("show on the right what was on the left, turned by %d degrees", (turned) => {
    const before = { ...placement, turned };
    const point = [250, 480] as const;
    const [x, y] = toViewport(matrixOf(before, viewport), point);
    closeTo(toViewport(matrixOf(mirrored(before), viewport), point), [viewport.width - x, y]);
  });

  it("come out of the matrix as they went in, and are undone by a second mirror", () => {
    const flipped = mirrored(placement);
    const again = placementOf(matrixOf(flipped, viewport), viewport);
    expect([again.isFlipped, again.turned]).toEqual([true, expect.closeTo(270)]);
    expect(mirrored(flipped)).toEqual(placement);
  });

  it("move with the screen, and keep their side when turned or carried over", () => {
    const flipped = mirrored(placement);
    const point = [250, 480] as const;
    const [x, y] = toViewport(matrixOf(flipped, viewport), point);
    closeTo(toViewport(matrixOf(moved(flipped, [30, -12]), viewport), point), [x + 30, y - 12]);
    expect(turnedBy(flipped, 90, landscape, viewport).isFlipped).toBe(true);
    const both = { picture: landscape, viewport };
    expect(carriedOver(flipped, both, both).isFlipped).toBe(true);
    const up = upOf(flipped);
    const from = toViewport(matrixOf(flipped, viewport), [300, 400]);
    const to = toViewport(matrixOf(flipped, viewport), [300 + up[0], 400 + up[1]]);
    closeTo(to, [from[0], from[1] - flipped.scale]);
  });
});

describe("gridMatrix", () => {
  it("lays a map's cells over its box", () => {
    const matrix = gridMatrix(
      [2, 0, 0, 2, 7, 9],
      { left: 100, top: 50, right: 500, bottom: 150 },
      { columns: 40, rows: 20 },
    );
    closeTo(toViewport(matrix, [0, 0]), [2 * 100 + 7, 2 * 50 + 9]);
    closeTo(toViewport(matrix, [40, 20]), [2 * 500 + 7, 2 * 150 + 9]);
  });

  it("is written with commas, without which CSS takes no matrix", () => {
    expect(transformOf([1, 0, 0, 1, -2.5, 3])).toBe("matrix(1, 0, 0, 1, -2.5, 3)");
  });
});
