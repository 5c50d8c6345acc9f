/** Codes and names of a card, in words. */
import { codeWords, say } from "@/lib/words/catalogue";

/** A card's words with a full stop after them. */
export function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** Splits with words of their own, the most trustworthy first: settings were chosen on the last three. */
const SPLITS = ["site", "test", "folds", "validation", "changed"];

/** A split's title, and what its patients were used for. */
export function splitWords(split: string): { readonly title: string; readonly meaning: string } {
  return SPLITS.includes(split)
    ? { title: say("card", `split_${split}`), meaning: say("card", `split_${split}_meaning`) }
    : { title: say("card", "split_other", { split: codeWords(split) }), meaning: "" };
}

/** The splits of a card, the most trustworthy first; those without words of their own after the test. */
export function bySplitTrust(a: string, b: string): number {
  const rank = (split: string) => SPLITS.indexOf(split) + (["site", "test"].includes(split) ? 0 : 3);
  return rank(a) - rank(b);
}
