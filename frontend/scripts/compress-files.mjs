// A Brotli and a gzip form beside each file of the built page, for the service to choose from.
import { readdirSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

const COMPRESSIBLE = /\.(?:css|html|js|json|svg|wasm)$/;
// As the service has it: an answer that fits one packet gains nothing.
const SMALLEST_BYTES = 1024;
// A tenth smaller by 11, which takes twenty times as long.
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } };

const dist = join(import.meta.dirname, "..", "dist");

async function compress(file) {
  const content = await readFile(file);
  if (content.length < SMALLEST_BYTES) return;
  await Promise.all([
    promisify(brotliCompress)(content, BROTLI).then((made) => writeFile(`${file}.br`, made)),
    promisify(gzip)(content, { level: 9 }).then((made) => writeFile(`${file}.gz`, made)),
  ]);
}

const names = readdirSync(dist, { recursive: true, encoding: "utf8" });
await Promise.all(names.filter((name) => COMPRESSIBLE.test(name)).map((name) => compress(join(dist, name))));
