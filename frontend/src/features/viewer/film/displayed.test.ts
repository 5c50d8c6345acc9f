import { expect, it } from "vitest";

import { toStored } from "@/lib/dicom/orientation";
import { readingAnswer } from "@/lib/testing/answers";

import { areLettersCertain, displayedAs } from "./displayed";

type Reasons = ReturnType<typeof readingAnswer>["image"]["sides"]["reasons"];

const answer = readingAnswer({ bacterial: 0.7, viral: 0.2, decision: "positive" });

it("takes a DICOM film's points where the service's matrix takes them", () => {
  // Mirrored, then turned clockwise: of 3 rows and 5 columns displayed, as PS3.3 has F, L stored.
  const image = {
    ...answer.image,
    rows: 3,
    columns: 5,
    to_file: {
      rows: 5,
      columns: 3,
      matrix: [
        [0, 1, 0],
        [1, 0, 0],
      ] as [[number, number, number], [number, number, number]],
      mirrored: true,
      turned_degrees: 270,
    },
  };
  const orientation = displayedAs({ ...answer, image }, "dicom");
  if (!orientation) throw new Error("There is a reading.");
  // The matrix is of pixel centres; the page's points begin at the pixel's corner.
  expect(toStored(orientation, [4.5, 0.5], image)).toEqual([0.5, 4.5]);
  expect(toStored(orientation, [1.5, 2.5], image)).toEqual([2.5, 1.5]);
});

it("turns other pictures by what was asked for alone, since browsers follow EXIF", () => {
  const toFile = { ...answer.image.to_file, mirrored: true, turned_degrees: 90 };
  const image = { ...answer.image, to_file: toFile, turned_degrees: 180 };
  expect(displayedAs({ ...answer, image }, "picture")).toEqual({ isMirrored: false, quarterTurns: 2 });
  expect(displayedAs(null, "picture")).toBeNull();
});

it.each([
  [[], true],
  [["oblique"], true],
  [["lateral"], true],
  [["header_disagrees"], false],
  [["oblique", "looks_mirrored"], false],
] as const)("has letters at the edges with %j: %j", (codes, isCertain) => {
  const reasons = codes.map((code) => ({ code, words: "" })) satisfies Reasons;
  const image = { ...answer.image, sides: { certain: reasons.length === 0, reasons } };
  expect(areLettersCertain({ ...answer, image })).toBe(isCertain);
  expect(areLettersCertain(null)).toBe(true);
});
