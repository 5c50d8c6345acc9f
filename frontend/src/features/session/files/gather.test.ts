// @vitest-environment node
import { strToU8, zipSync } from "fflate";
import { describe, expect, it } from "vitest";

import { type Written, written } from "@/lib/testing/dicom-file";

import { gather, NOTHING_LEFT_OUT } from "./gather";
import { leftOutWords } from "./left-out-words";

const PICTURE: Written[] = [
  ["00280010", "US", [4]],
  ["00280011", "US", [4]],
];

function image(study: string, instance: number): Uint8Array<ArrayBuffer> {
  return written(
    ["00080016", "UI", "1.2.840.10008.5.1.4.1.1.1.1"],
    ["0020000d", "UI", study],
    ["0020000e", "UI", `${study}.1`],
    ["00200011", "IS", "1"],
    ["00200013", "IS", String(instance)],
    ...PICTURE,
  );
}

const DICOMDIR = written(["00080016", "UI", "1.2.840.10008.1.3.10"], ["00041130", "CS", "DISC"]);

async function gathered(...files: File[]) {
  const inspectedCounts: number[] = [];
  const { found, leftOut } = await gather(files, {
    signal: new AbortController().signal,
    onProgress: (count) => inspectedCounts.push(count),
  });
  return { names: found.map(({ file }) => file.name), leftOut, inspectedCounts };
}

describe("gather", () => {
  it("puts an archive's images in order, and counts what it leaves out", async () => {
    const archive = zipSync({
      "2.dcm": image("1.2.1", 2),
      "other.dcm": image("1.2.2", 1),
      DICOMDIR,
      "1.dcm": image("1.2.1", 1),
      "viewer.exe": strToU8("MZ"),
      "inner.zip": zipSync({}),
    });
    const { names, leftOut, inspectedCounts } = await gathered(
      new File([Uint8Array.from(archive)], "disc.zip"),
    );
    expect(names).toEqual(["1.dcm", "2.dcm", "other.dcm"]);
    expect(leftOut).toMatchObject({ directories: 1, noPictures: 1, nested: 1, archives: [] });
    expect(inspectedCounts.at(-1)).toBe(5);
  });

  it("leaves no file out that was chosen by itself", async () => {
    const { names } = await gathered(new File(["words"], "notes.txt"), new File(["\xff\xd8\xff"], "a.jpg"));
    expect(names).toEqual(["notes.txt", "a.jpg"]);
  });

  it("goes on after an archive that is damaged", async () => {
    const { names, leftOut } = await gathered(
      new File(["PK\x03\x04 no archive"], "broken.zip"),
      new File([image("1.2.1", 1)], "a.dcm"),
    );
    expect(names).toEqual(["a.dcm"]);
    expect(leftOut.archives).toEqual(["damaged"]);
    expect(leftOutWords(leftOut)).toEqual(["The archive is damaged, or is no zip that can be opened here."]);
  });

  it("stops when it is told to", async () => {
    const stopped = AbortSignal.abort();
    await expect(
      gather([new File(["a"], "a")], { signal: stopped, onProgress: () => undefined }),
    ).rejects.toThrow();
  });
});

it("counts in words", () => {
  expect(leftOutWords(NOTHING_LEFT_OUT)).toEqual([]);
  expect(leftOutWords({ ...NOTHING_LEFT_OUT, noPictures: 12, encrypted: 1 })).toEqual([
    "One encrypted file was left out.",
    "12 files that are no pictures were left out.",
  ]);
});
