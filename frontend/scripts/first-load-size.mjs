// What a visit downloads, gzipped: at first the page's HTML and every script and style sheet it names;
// then, when a film is first looked at, the viewer. Decoders come one by one as files need them.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const FIRST_LOAD_LIMIT_KB = 200;
const VIEWER_LIMIT_KB = 960;
const VIEWER = ["src/features/viewer/viewer.tsx", "src/features/viewer/engine/index.ts"];

const dist = join(import.meta.dirname, "..", "dist");
const html = readFileSync(join(dist, "index.html"), "utf8");
const manifest = JSON.parse(readFileSync(join(dist, ".vite", "manifest.json"), "utf8"));

/** Every script and style sheet that a part of the page needs to start. */
function filesOf(key) {
  const { file, css = [], imports = [] } = manifest[key];
  return [file, ...css, ...imports.flatMap(filesOf)];
}

function weigh(files, what, limitKb) {
  let totalKb = 0;
  for (const name of files) {
    const kb = gzipSync(readFileSync(join(dist, name)), { level: 9 }).length / 1000;
    totalKb += kb;
    process.stdout.write(`${kb.toFixed(1).padStart(8)} kB  ${name}\n`);
  }
  process.stdout.write(`${totalKb.toFixed(1).padStart(8)} kB  ${what}, gzipped (limit ${limitKb} kB)\n`);
  return totalKb <= limitKb;
}

const named = [...html.matchAll(/(?:src|href)="\/([^"]+\.(?:js|css))"/g)].map((match) => match[1]);
const first = new Set(["index.html", ...named]);
const viewer = new Set(VIEWER.flatMap(filesOf).filter((name) => !first.has(name)));
const isWithin = [
  weigh(first, "first load", FIRST_LOAD_LIMIT_KB),
  weigh(viewer, "viewer, when a film is first looked at", VIEWER_LIMIT_KB),
];
if (isWithin.includes(false)) process.exit(1);
