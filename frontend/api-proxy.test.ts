import { readFileSync } from "node:fs";

import { expect, it } from "vitest";

import type { paths } from "./src/lib/api/schema.d.ts";
import { apiProxy, apiRoots } from "./api-proxy.ts";

const isProxied = (address: string) =>
  Object.keys(apiProxy("http://127.0.0.1:8000")).some((pattern) => new RegExp(pattern).test(address));

it("hands on every address that the page's client knows", () => {
  const known = ["/report", "/predict", "/readings/{reading_id}/{form}"] satisfies (keyof paths)[];
  const all = readFileSync(`${import.meta.dirname}/src/lib/api/schema.d.ts`, "utf8");
  const addresses = [...all.matchAll(/^ {4}"(\/[^"]*)": \{$/gm)].map((match) => match[1] ?? "");
  expect(addresses).toEqual(expect.arrayContaining(known));
  expect(addresses.filter((address) => !isProxied(address))).toEqual([]);
});

it.each(["/report?format=pdf", "/docs", "/openapi.json", "/problems/busy", "/health/ready"])(
  "hands on %s",
  (address) => {
    expect(isProxied(address)).toBe(true);
  },
);

it.each([
  "/",
  "/about/pneumonia",
  "/src/main.tsx",
  "/reports.ts",
  "/swagger/swagger-ui.css",
  "/@vite/client",
])("leaves %s to Vite", (address) => {
  expect(isProxied(address)).toBe(false);
});

it("takes a new route from the schema", () => {
  expect(apiRoots('export interface paths {\n    "/new/{name}": {\n    };\n}\n')).toContain("new");
  expect(() => apiRoots("")).toThrow("schema.d.ts");
});
