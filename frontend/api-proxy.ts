import { readFileSync } from "node:fs";

import type { ProxyOptions } from "vite";

const SCHEMA = `${import.meta.dirname}/src/lib/api/schema.d.ts`;

/** What the service answers and its OpenAPI document leaves out; a test of the service holds this list to it. */
export const UNDOCUMENTED = ["docs", "openapi.json", "problems"];

/** The first parts of the API's addresses, as the client generated from its document has them. */
export function apiRoots(schema = readFileSync(SCHEMA, "utf8")): string[] {
  const paths = /export interface paths \{\n(.*?)\n\}/s.exec(schema)?.[1] ?? "";
  const documented = [...paths.matchAll(/^ {4}"\/([^/"]+)/gm)].map((match) => match[1] ?? "");
  if (documented.length === 0) throw new Error("No addresses were found in src/lib/api/schema.d.ts.");
  return [...new Set([...documented, ...UNDOCUMENTED])].sort();
}

/** Hands the API's addresses on to the service, while Vite serves the page. */
export function apiProxy(target: string): Record<string, ProxyOptions> {
  return Object.fromEntries(
    apiRoots().map((root) => [`^/${root.replaceAll(".", "\\.")}(?=[/?]|$)`, { target }]),
  );
}
