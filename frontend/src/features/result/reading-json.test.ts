import { expect, it } from "vitest";

import { NOT_A_CHEST, readingAnswer, suitability } from "@/lib/testing/answers";

import { readingFileName, readingJson } from "./reading-json";

const answer = readingAnswer({ bacterial: 0.7, viral: 0.2, decision: "positive" });
const readAt = new Date("2026-11-21T10:00:00Z");

it("keeps the server's answer as it came, with the file's name and the time", () => {
  expect(JSON.parse(readingJson("a.jpg", readAt, answer))).toEqual({
    file_name: "a.jpg",
    read_at: "2026-11-21T10:00:00.000Z",
    reading: answer,
  });
});

it("puts the mark of a reading that was asked for all the same in front", () => {
  const forced = {
    ...answer,
    suitability: suitability({ suitable: false, forced: true, reasons: [NOT_A_CHEST] }),
  };
  const saved = JSON.parse(readingJson("a.jpg", readAt, forced)) as Record<string, unknown>;
  expect(Object.entries(saved)[0]).toEqual([
    "mark",
    "This image failed the suitability check and was processed on request. No lungs can be made out in this picture.",
  ]);
});

it("names the file after the radiograph", () => {
  expect(["chest.left.jpg", ".jpg"].map(readingFileName)).toEqual([
    "chest.left.reading.json",
    "radiograph.reading.json",
  ]);
});
