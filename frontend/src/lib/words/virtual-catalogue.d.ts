/** backend/hilum/words/en.toml, as the plugin in catalogue.ts gives it: words by code. */
declare module "virtual:catalogue" {
  export const decision: Readonly<Record<string, string>>;
  export const figure: Readonly<Record<string, string>>;
  export const finding: Readonly<Record<string, string>>;
}
