// What a first visit downloads, gzipped: the page's HTML and every script and style sheet it names.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const LIMIT_KB = 200;
const dist = join(import.meta.dirname, "..", "dist");
const html = readFileSync(join(dist, "index.html"), "utf8");
const assets = [...html.matchAll(/(?:src|href)="(\/[^"]+\.(?:js|css))"/g)].map((match) => match[1]);

let totalBytes = 0;
for (const name of ["/index.html", ...assets]) {
  const bytes = gzipSync(readFileSync(join(dist, name)), { level: 9 }).length;
  totalBytes += bytes;
  process.stdout.write(`${(bytes / 1000).toFixed(1).padStart(8)} kB  ${name}\n`);
}
const totalKb = totalBytes / 1000;
process.stdout.write(`${totalKb.toFixed(1).padStart(8)} kB  first load, gzipped (limit ${LIMIT_KB} kB)\n`);
if (totalKb > LIMIT_KB) process.exit(1);
