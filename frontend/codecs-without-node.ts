import type { Plugin } from "vite";

const NOTHING = "\0hilum:nothing-of-node";

/**
 * Gives the decoders' glue code nothing in place of Node's modules.
 *
 * Emscripten writes one file for Node and browsers, which asks for them in Node alone. The bundler
 * warns of each. For other importers it still does.
 */
export function codecsWithoutNode(): Plugin {
  return {
    name: "hilum:codecs-without-node",
    enforce: "pre",
    resolveId: {
      filter: { id: /^(?:fs|path)$/ },
      handler: (_, importer) => (importer?.includes("/@cornerstonejs/codec-") ? NOTHING : null),
    },
    load: { filter: { id: new RegExp(`^${NOTHING}$`) }, handler: () => "export default {};" },
  };
}
