import { describe, expect, it } from "vitest";

import { laidDirections, laidSize, orientationByHeader, toStored } from "./orientation";
import type { PatientOrientation } from "./patient-orientation";

const stored = { columns: 40, rows: 20 };

/** How far a stored point lies along the patient's axes, by the letters' meaning (PS3.3 C.7.6.1.1.1). */
function inPatient([row, column]: PatientOrientation, [x, y]: readonly [number, number]) {
  const along: Record<string, number> = {};
  for (const [letter, share] of [
    [row, x / stored.columns],
    [column, y / stored.rows],
  ] as const) {
    if (letter === "L" || letter === "R") along.left = letter === "L" ? share : 1 - share;
    else along.feet = letter === "F" ? share : 1 - share;
  }
  return [along.left, along.feet];
}

const FRONTAL: PatientOrientation[] = [
  ["L", "F"],
  ["R", "F"],
  ["L", "H"],
  ["R", "H"],
  ["F", "L"],
  ["F", "R"],
  ["H", "L"],
  ["H", "R"],
];

describe("a frontal film", () => {
  it.each(FRONTAL)(
    "with rows to %s and columns to %s has the left on the right, the feet below",
    (...header) => {
      const orientation = orientationByHeader(header);
      expect(laidDirections(orientation, header)).toEqual(["L", "F"]);
      const displayed = laidSize(orientation, stored);
      // Displayed, a point's shares of width and height are those towards the left and the feet.
      for (const [left, feet] of [
        [0, 0],
        [1, 0],
        [0.3, 0.62],
      ] as const) {
        const point = [left * displayed.columns, feet * displayed.rows] as const;
        const [foundLeft, foundFeet] = inPatient(header, toStored(orientation, point, displayed));
        expect(foundLeft).toBeCloseTo(left);
        expect(foundFeet).toBeCloseTo(feet);
      }
    },
  );
});

it.each([
  [
    ["P", "F"],
    ["P", "F"],
  ],
  // Feet down by a turn alone: front and back change places.
  [
    ["P", "H"],
    ["A", "F"],
  ],
  [
    ["H", "A"],
    ["A", "F"],
  ],
  // Neither: as it is stored.
  [
    ["LH", "FL"],
    ["LH", "FL"],
  ],
  [
    ["L", "P"],
    ["L", "P"],
  ],
] as const)("a film with %j is displayed with %j", (header, displayed) => {
  const orientation = orientationByHeader(header);
  expect(orientation.isMirrored).toBe(false);
  expect(laidDirections(orientation, header)).toEqual(displayed);
});

it("is as it is stored where no header says", () => {
  expect(orientationByHeader(null)).toEqual({ isMirrored: false, quarterTurns: 0 });
});
