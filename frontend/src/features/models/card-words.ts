/** Codes and names of a card, in words. */
import { codeWords } from "@/lib/words/catalogue";

/** A card's words with a full stop after them. */
export function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

const splitNames: Record<string, { readonly title: string; readonly meaning: string }> = {
  test: {
    title: "Test patients",
    meaning: "They were used neither to train the model nor to choose its settings.",
  },
  validation: {
    title: "Validation patients",
    meaning:
      "They were not used to train the model, but its settings were chosen on them, so these figures are a little better than on new patients.",
  },
  changed: {
    title: "Validation patients, films changed",
    meaning:
      "The validation films under random changes of exposure, display, processing and framing. Settings were chosen on these too.",
  },
};

export function splitWords(split: string) {
  return splitNames[split] ?? { title: `Patients of “${codeWords(split)}”`, meaning: "" };
}

/** Where the settings were chosen on, after everything else. */
const CHOSEN_ON = ["validation", "changed"];

/** The splits of a card, the most trustworthy first. */
export function bySplitTrust(a: string, b: string): number {
  const rank = (split: string) => (split === "test" ? 0 : 2 + CHOSEN_ON.indexOf(split));
  return rank(a) - rank(b);
}
