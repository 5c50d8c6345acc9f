import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

import { swaggerFiles } from "./swagger-files.ts";

const api = process.env.HILUM_API ?? "http://127.0.0.1:8000";

export default defineConfig({
  plugins: [react(), swaggerFiles()],
  resolve: { alias: { "@": `${import.meta.dirname}/src` } },
  server: {
    port: 3000,
    proxy: Object.fromEntries(
      ["/predict", "/models", "/health", "/openapi.json", "/docs", "/problems"].map((path) => [
        path,
        { target: api },
      ]),
    ),
  },
  build: { target: "es2022", reportCompressedSize: false },
  test: {
    environment: "happy-dom",
    setupFiles: ["src/lib/testing/setup.ts"],
    css: { modules: { classNameStrategy: "non-scoped" } },
    include: ["src/**/*.test.{ts,tsx}"],
  },
});
