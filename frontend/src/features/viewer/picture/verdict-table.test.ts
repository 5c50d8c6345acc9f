import { expect, it } from "vitest";

import { VERDICTS } from "@/lib/testing/verdict-table";

import { pictureWords } from "./picture-words";

it.each(VERDICTS)("a verdict is said by the saved picture: $name", ({ told, answer }) => {
  const line = pictureWords(answer, null, { shown: new Set() }).find((each) => each.includes(told.headline));
  expect(line).toContain(told.sentence);
  for (const { words } of told.cautions) expect(line).toContain(words);
});
