import { describe, expect, it } from "vitest";

import { byteSize, finePercent, plainPercent, unbroken, wholePercent } from "./figures";

/** With plain spaces, which are easier to read here. */
function plain(words: string): string {
  return words.replaceAll("\u00a0", " ");
}

describe("wholePercent", () => {
  it.each([
    [0.954, "95 %"],
    [0.5, "50 %"],
    [0.01, "1 %"],
    [0.99, "99 %"],
  ])("rounds %d to %s", (share, words) => {
    expect(plain(wholePercent(share))).toBe(words);
  });

  it("never claims certainty", () => {
    expect(plain(wholePercent(0.0004))).toBe("under 1 %");
    expect(plain(wholePercent(0.9996))).toBe("over 99 %");
    expect(plain(finePercent(0.00004))).toBe("< 0.1 %");
    expect(plain(finePercent(0.99996))).toBe("> 99.9 %");
  });
});

it("shows a setting's decimal only where it has one", () => {
  expect(plain(plainPercent(0.52))).toBe("52 %");
  expect(plain(plainPercent(0.524))).toBe("52.4 %");
});

it("says sizes in decimal units", () => {
  expect([690, 370_400, 12_440_000].map(byteSize).map(plain)).toEqual(["690 B", "370 kB", "12.4 MB"]);
});

it("keeps a number and its unit on one line", () => {
  expect(wholePercent(0.5)).toBe("50\u00a0%");
  expect(unbroken("About 58 % of it, the rest elsewhere")).toBe("About 58\u00a0% of it, the rest elsewhere");
});
