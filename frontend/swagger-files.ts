import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

import type { Plugin } from "vite";

const MEDIA_TYPES: Record<string, string> = {
  "swagger-ui-bundle.js": "text/javascript",
  "swagger-ui.css": "text/css",
};

/**
 * Puts Swagger's own files beside the page, at /swagger/, for the backend's /docs.
 *
 * A hospital's network reaches no CDN. The page itself never loads them.
 */
export function swaggerFiles(): Plugin {
  const { resolve } = createRequire(import.meta.url);
  const sourceOf = (name: string) => readFileSync(resolve(`swagger-ui-dist/${name}`));
  return {
    name: "hilum:swagger-files",
    configureServer(server) {
      server.middlewares.use("/swagger", (request, response, next) => {
        const name = request.url?.slice(1) ?? "";
        const mediaType = MEDIA_TYPES[name];
        if (!mediaType) {
          next();
          return;
        }
        response.setHeader("Content-Type", mediaType);
        response.end(sourceOf(name));
      });
    },
    generateBundle() {
      for (const name of Object.keys(MEDIA_TYPES)) {
        this.emitFile({ type: "asset", fileName: `swagger/${name}`, source: sourceOf(name) });
      }
    },
  };
}
