import { expect, it } from "vitest";

import { opposite, orientationOf } from "./patient-orientation";

it("has every letter of an oblique direction turned round", () => {
  expect(opposite("LPH")).toBe("RAF");
});

it.each([
  [
    ["L", "F"],
    ["L", "F"],
  ],
  [
    ["l", "f"],
    ["L", "F"],
  ],
  [["L"], null],
  [["", ""], null],
  [["LEFT", "F"], null],
  [["RAL", "PH"], null],
  [["LL", "F"], null],
  [[], null],
])("reads %j as %j", (values, orientation) => {
  expect(orientationOf(values)).toEqual(orientation);
});
