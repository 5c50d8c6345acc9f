// Where an import leads, for the boundaries rule: "@/…" is src, and TypeScript's endings are tried.
const { existsSync, statSync } = require("node:fs");
const { dirname, join, resolve } = require("node:path");

const ENDINGS = ["", ".ts", ".tsx", ".d.ts", "/index.ts"];

exports.interfaceVersion = 2;

exports.resolve = (source, file) => {
  const isAlias = source.startsWith("@/");
  if (!isAlias && !source.startsWith(".")) return { found: false };
  const base = isAlias ? join(__dirname, "src", source.slice(2)) : resolve(dirname(file), source);
  const path = ENDINGS.map((ending) => base + ending).find(
    (candidate) => existsSync(candidate) && statSync(candidate).isFile(),
  );
  return path ? { found: true, path } : { found: false };
};
