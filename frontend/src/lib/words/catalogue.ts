/** Words by code, from the catalogue that the reports have theirs from. */
import {
  anatomy_card,
  card,
  caution,
  clinician,
  decision,
  figure,
  film,
  finding,
  form_any,
  form_study,
  form_use,
  language,
  list,
  number,
  on_page,
  organ,
  page,
  ratio,
  region,
  view,
} from "virtual:catalogue";

/** BCP 47 tag of the words. */
export const LANGUAGE = language;

const SENTENCES = {
  anatomy_card,
  card,
  caution,
  clinician,
  film,
  list,
  number,
  on_page,
  page,
  ratio,
} as const;

/**
 * The words of an entry, with what its `{fields}` stand for.
 *
 * @throws {Error} The catalogue has no such entry.
 */
export function say(
  table: keyof typeof SENTENCES,
  name: string,
  fields: Readonly<Record<string, string | number>> = {},
): string {
  const words = SENTENCES[table][name];
  if (words === undefined) throw new Error(`There are no words for ${table}.${name}.`);
  return words.replaceAll(/\{(\w+)\}/g, (_, field: string) => String(fields[field]));
}

/** Labels of the forms of a report, by their codes, in the order of the page. */
export const FORMS_FOR_A_STUDY = form_study;
export const FORMS_FOR_ANY_FILE = form_any;
/** What a form is, by its code. */
export const FORM_USES = form_use;

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

export function regionWords(code: string): string {
  return region[code] ?? codeWords(code);
}

export function organWords(code: string): string {
  return organ[code] ?? codeWords(code);
}

/** The projection, by the file's header; where that says none, as it is estimated from the picture. */
export function viewWords(image: { readonly view: string; readonly estimated_view: string }): string {
  const words = (code: string) => view[code] ?? codeWords(code);
  if (image.view !== "unknown" || image.estimated_view === "unknown") return words(image.view);
  return (view["estimated"] ?? "{view}").replace("{view}", words(image.estimated_view));
}

/** A verdict's code in one word; null for one that is no decision. */
export function decisionWords(code: string): string | null {
  return decision[code] ?? null;
}

/** "a, b and c". */
export function listed(words: readonly string[]): string {
  const [last = "", ...others] = [...words].reverse();
  if (others.length === 0) return last;
  return say("list", "two", { first: others.reverse().join(", "), last });
}

export function capitalised(words: string): string {
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}`;
}
