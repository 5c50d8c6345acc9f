// @vitest-environment node
import { strToU8, zipSync } from "fflate";
import { expect, it } from "vitest";

import { unzip, ZIP_LIMITS, type ZipItem } from "./zip-archive";

async function all(archive: Uint8Array, limits = {}): Promise<ZipItem[]> {
  const found: ZipItem[] = [];
  const blob = new Blob([Uint8Array.from(archive)]);
  for await (const item of unzip(blob, new AbortController().signal, { ...ZIP_LIMITS, ...limits })) {
    found.push(item);
  }
  return found;
}

function names(items: readonly ZipItem[]): string[] {
  return items.map((item) => (item.kind === "file" ? item.file.name : item.why));
}

it("gives files by their last name alone, whatever path an archive claims", async () => {
  const found = await all(zipSync({ "a/b/film.dcm": strToU8("one"), "../../etc/passwd": strToU8("two") }));
  expect(names(found)).toEqual(["film.dcm", "passwd"]);
  const [film] = found;
  expect(film?.kind === "file" && (await film.file.text())).toBe("one");
});

it("opens no archive within an archive", async () => {
  expect(names(await all(zipSync({ "inner.zip": zipSync({}), "b.dcm": strToU8("b") })))).toEqual([
    "nested",
    "b.dcm",
  ]);
});

it("leaves out a file that is larger than what is read, and goes on", async () => {
  const archive = zipSync({ "large.dcm": new Uint8Array(2_000), "small.dcm": new Uint8Array(10) });
  expect(names(await all(archive, { fileBytes: 1_000 }))).toEqual(["too-large", "small.dcm"]);
});

it("stops at a file that unpacks to more than its entry says", async () => {
  const archive = zipSync({ "lies.dcm": new Uint8Array(100_000) });
  // Both headers claim ten bytes: 24 in the central directory's entry, 22 in the local one.
  const view = new DataView(archive.buffer, archive.byteOffset, archive.byteLength);
  const end = archive.length - 22;
  const central = view.getUint32(end + 16, true);
  view.setUint32(22, 10, true);
  view.setUint32(central + 24, 10, true);
  expect(names(await all(archive, { fileBytes: 1_000 }))).not.toContain("lies.dcm");
});

it("refuses a bomb: more unpacked than its packed size can stand for", async () => {
  const archive = zipSync({ a: new Uint8Array(900_000), b: new Uint8Array(900_000) });
  const limits = { ratioFromBytes: 1_000_000, ratio: 100 };
  await expect(all(archive, limits)).rejects.toMatchObject({ problem: "too-large" });
  await expect(all(archive, { totalBytes: 1_000_000 })).rejects.toMatchObject({ problem: "too-large" });
});

it("refuses more files than it opens", async () => {
  const archive = zipSync({ a: strToU8("a"), b: strToU8("b"), c: strToU8("c") });
  await expect(all(archive, { entries: 2 })).rejects.toMatchObject({ problem: "too-many" });
});

it("tells an archive that is encrypted, or is none", async () => {
  const archive = zipSync({ "a.dcm": strToU8("secret") });
  const view = new DataView(archive.buffer, archive.byteOffset, archive.byteLength);
  const central = view.getUint32(archive.length - 22 + 16, true);
  // Bit 0 of the flags says so, in both headers.
  view.setUint16(6, view.getUint16(6, true) | 1, true);
  view.setUint16(central + 8, view.getUint16(central + 8, true) | 1, true);
  await expect(all(archive)).rejects.toMatchObject({ problem: "encrypted" });
  await expect(all(strToU8("PK\x03\x04 no archive"))).rejects.toMatchObject({ problem: "damaged" });
});
