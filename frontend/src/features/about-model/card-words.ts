/** Codes and names of a card, in words. */

export function findingWords(code: string): string {
  return code.replaceAll("_", " ");
}

/** A card's words with a full stop after them. */
export function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

const splitNames: Record<string, { readonly title: string; readonly meaning: string }> = {
  test: {
    title: "Test patients",
    meaning: "They neither trained the model nor chose its settings.",
  },
  validation: {
    title: "Validation patients",
    meaning:
      "They did not train the model, but its settings were chosen on them, so it looks a little better here.",
  },
};

export function splitWords(split: string) {
  return splitNames[split] ?? { title: `Patients of “${findingWords(split)}”`, meaning: "" };
}

/** The splits of a card, the most trustworthy first. */
export function bySplitTrust(a: string, b: string): number {
  const rank = (split: string) => (split === "test" ? 0 : split === "validation" ? 2 : 1);
  return rank(a) - rank(b);
}
