/** backend/hilum/words/en.toml, as the plugin in catalogue.ts gives it: words by code. */
declare module "virtual:catalogue" {
  type Words = Readonly<Record<string, string>>;
  export const language: string;
  export const anatomy_card: Words;
  export const card: Words;
  export const caution: Words;
  export const clinician: Words;
  export const decision: Words;
  export const figure: Words;
  export const film: Words;
  export const finding: Words;
  export const form_any: Words;
  export const form_study: Words;
  export const form_use: Words;
  export const list: Words;
  export const number: Words;
  export const on_page: Words;
  export const organ: Words;
  export const page: Words;
  export const ratio: Words;
  export const region: Words;
  export const view: Words;
}
