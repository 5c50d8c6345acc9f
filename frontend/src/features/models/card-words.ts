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
  changed: {
    title: "Validation patients, films changed",
    meaning:
      "The same films as other machines might have taken them, each under changes drawn at random. Settings were chosen on these too.",
  },
};

export function splitWords(split: string) {
  return splitNames[split] ?? { title: `Patients of “${findingWords(split)}”`, meaning: "" };
}

/** Where the settings were chosen on, after everything else. */
const CHOSEN_ON = ["validation", "changed"];

/** The splits of a card, the most trustworthy first. */
export function bySplitTrust(a: string, b: string): number {
  const rank = (split: string) => (split === "test" ? 0 : 2 + CHOSEN_ON.indexOf(split));
  return rank(a) - rank(b);
}
