import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

import { apiProxy } from "./api-proxy.ts";
import { catalogue } from "./catalogue.ts";
import { codecsWithoutNode } from "./codecs-without-node.ts";
import { swaggerFiles } from "./swagger-files.ts";

const api = process.env.HILUM_API ?? "http://127.0.0.1:8000";
const source = `${import.meta.dirname}/src`;

/** Tests that use `vi.mock`. */
const MODULE_MOCKS = ["src/features/reading/*.test.tsx"];

export default defineConfig({
  plugins: [react(), catalogue(), swaggerFiles(), codecsWithoutNode()],
  resolve: {
    alias: {
      "@": source,
      // vtk.js would write XML by it, which no film needs, and it breaks the built page.
      xmlbuilder2: `${source}/features/viewer/engine/no-xml.ts`,
    },
  },
  // Cornerstone's decoders start as modules.
  worker: { format: "es", plugins: () => [codecsWithoutNode()] },
  optimizeDeps: {
    // Its worker and its codecs are found beside its own files, which bundling would move.
    exclude: ["@cornerstonejs/dicom-image-loader", "@cornerstonejs/codec-libjxl"],
    include: [
      "@cornerstonejs/core",
      "@cornerstonejs/tools",
      "@cornerstonejs/metadata",
      "dicom-parser",
      ...[
        "uuid",
        "pako",
        "comlink",
        "@cornerstonejs/jpeg-lossless-decoder-js",
        "@cornerstonejs/codec-charls/decodewasmjs",
        "@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs",
        "@cornerstonejs/codec-openjpeg/decodewasmjs",
        "@cornerstonejs/codec-openjph/wasmjs",
      ].map((name) => `@cornerstonejs/dicom-image-loader > ${name}`),
    ],
  },
  server: {
    port: 3000,
    proxy: apiProxy(api),
  },
  build: {
    target: "es2022",
    reportCompressedSize: false,
    manifest: true,
    // The viewer's engine, loaded when a film is first looked at. `npm run size` holds its limit and the
    // first load's.
    chunkSizeWarningLimit: 3500,
    // How long each plugin took tells of how busy the machine is.
    rolldownOptions: { checks: { bundlerTimings: false } },
  },
  test: {
    environment: "happy-dom",
    setupFiles: ["src/lib/testing/setup.ts"],
    // Waits end at what they wait for: the limits are for a machine that is busy with other work.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    css: { modules: { classNameStrategy: "non-scoped" } },
    // A worker keeps its modules from one file to the next, which takes a fifth of the time. Files that
    // replace modules need modules of their own.
    projects: [
      {
        extends: true,
        test: {
          name: "shared",
          include: ["src/**/*.test.{ts,tsx}", "*.test.ts"],
          exclude: MODULE_MOCKS,
          isolate: false,
        },
      },
      { extends: true, test: { name: "isolated", include: MODULE_MOCKS } },
    ],
  },
});
