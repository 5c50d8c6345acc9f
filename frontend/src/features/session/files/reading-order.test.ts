import { expect, it } from "vitest";

import type { RadiographFacts } from "@/lib/dicom/radiograph-facts";

import { inReadingOrder, studiesOf } from "./reading-order";

interface Named {
  readonly name: string;
  readonly facts: RadiographFacts | null;
}

function image(name: string, studyUid: string, series: number | null, instance: number | null): Named {
  const facts: RadiographFacts = {
    studyUid,
    seriesUid: `${studyUid}.${series}`,
    seriesNumber: series,
    instanceNumber: instance,
    modality: "DX",
    view: null,
    studyDate: "",
    isDirectory: false,
    holdsInstead: null,
  };
  return { name, facts };
}

const picture: Named = { name: "picture", facts: null };
const all = [
  image("b2", "B", 2, 1),
  image("a1", "A", 1, 1),
  picture,
  image("b1-second", "B", 1, 10),
  image("b1-first", "B", 1, 9),
  image("b-unnumbered", "B", null, null),
];

it("reads a study at a time, in the order that they came in, by series and instance", () => {
  expect(inReadingOrder(all).map(({ name }) => name)).toEqual([
    "b1-first",
    "b1-second",
    "b2",
    "b-unnumbered",
    "a1",
    "picture",
  ]);
});

it("keeps pictures, which belong to no study, together and in their own order", () => {
  const pictures = ["x", "y", "z"].map((name) => ({ name, facts: null }));
  const [only, ...others] = studiesOf(pictures);
  expect(others).toEqual([]);
  expect(only?.uid).toBeNull();
  expect(inReadingOrder(pictures).map(({ name }) => name)).toEqual(["x", "y", "z"]);
});
