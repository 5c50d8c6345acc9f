/** Words by code, from the catalogue that the reports have theirs from. */
import { decision, figure, finding } from "virtual:catalogue";

/** The names of figures, in the order of tables. */
export const FIGURES: readonly string[] = Object.keys(figure);

/** A code as words, for one that the catalogue does not know. */
export function codeWords(code: string): string {
  return code.replaceAll("_", " ");
}

export function figureWords(code: string): string {
  return figure[code] ?? codeWords(code);
}

export function findingWords(code: string): string {
  return finding[code] ?? codeWords(code);
}

/** A verdict's code in one word; null for one that is no decision. */
export function decisionWords(code: string): string | null {
  return decision[code] ?? null;
}

export function capitalised(words: string): string {
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}`;
}
