import { readFileSync } from "node:fs";

import { parse } from "smol-toml";
import type { Plugin } from "vite";

const LANGUAGE = process.env["PAGE_LANGUAGE"] ?? "en";
const SOURCE = `${import.meta.dirname}/../backend/hilum/words/${LANGUAGE}.toml`;
const MODULE = "virtual:catalogue";
const RESOLVED = `\0${MODULE}`;

/**
 * Gives the page the wording that the reports have: each table of the catalogue is an export,
 * and so is its `language`.
 *
 * Tables that nothing imports are left out of the build. PAGE_LANGUAGE chooses the language.
 */
export function catalogue(): Plugin {
  return {
    name: "hilum:catalogue",
    resolveId: (id) => (id === MODULE ? RESOLVED : null),
    load(id) {
      if (id !== RESOLVED) return null;
      this.addWatchFile(SOURCE);
      return Object.entries({ language: LANGUAGE, ...parse(readFileSync(SOURCE, "utf8")) })
        .map(([table, words]) => `export const ${table} = ${JSON.stringify(words)};`)
        .join("\n");
    },
  };
}
