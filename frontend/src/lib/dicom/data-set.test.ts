import { deflateSync } from "fflate";
import { describe, expect, it } from "vitest";

import { element, type Written, written } from "@/lib/testing/dicom-file";

import { parseBytes, readHeader } from "./data-set";
import { text } from "./elements";
import { radiographFacts } from "./radiograph-facts";

const MODALITY: Written = ["00080060", "CS", "DX"];
const STUDY: Written = ["0020000d", "UI", "1.2.3"];

function joined(...parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

describe("parseBytes", () => {
  it("reads a data set without preamble and transfer syntax", () => {
    const bare = joined(element(MODALITY), element(STUDY));
    const { dataSet, transferSyntax } = parseBytes(bare);
    expect([text(dataSet, "x00080060"), text(dataSet, "x0020000d")]).toEqual(["DX", "1.2.3"]);
    expect(transferSyntax).toBe("1.2.840.10008.1.2.1");
  });

  it("reads an implicit one, whose elements have no representation", () => {
    // (0008,0060), four bytes of length, then the value.
    const bare = joined(Uint8Array.of(8, 0, 0x60, 0, 2, 0, 0, 0), new TextEncoder().encode("CR"));
    expect(text(parseBytes(bare).dataSet, "x00080060")).toBe("CR");
  });

  function ofDeflated(dataSet: Uint8Array): Uint8Array<ArrayBuffer> {
    const meta = element(["00020010", "UI", "1.2.840.10008.1.2.1.99"]);
    const preamble = written().subarray(0, 132);
    // Padded to an even length, as some writers do.
    return joined(preamble, meta, deflateSync(dataSet, { level: 1 }), Uint8Array.of(0));
  }

  it("inflates a deflated one", () => {
    const file = ofDeflated(joined(element(MODALITY), element(STUDY)));
    expect(text(parseBytes(file).dataSet, "x0020000d")).toBe("1.2.3");
  });

  it("stops where a deflated one is over the service's limit", () => {
    const file = ofDeflated(new Uint8Array(64 * 2 ** 20 + 1));
    expect(() => parseBytes(file)).toThrow("too large once inflated");
  }, 30_000);

  it.each(["items of a sequence", "elements"])(
    "stops where there are more %s than the service takes",
    (kind) => {
      const count = 86_001;
      // Each has eight bytes: an item without elements, or an implicit element without a value.
      const one = kind === "elements" ? [9, 0, 0, 16, 0, 0, 0, 0] : [0xfe, 0xff, 0, 0xe0, 0, 0, 0, 0];
      const many = Uint8Array.from({ length: 8 * count }, (_, at) => one[at % 8] ?? 0);
      const sequence = Uint8Array.of(8, 0, 0x40, 0x11, 0xff, 0xff, 0xff, 0xff);
      const bare = joined(
        Uint8Array.of(8, 0, 0x60, 0, 0, 0, 0, 0),
        ...(kind === "elements" ? [] : [sequence]),
        many,
      );
      expect(() => parseBytes(bare)).toThrow("too many elements");
      expect(parseBytes(written(MODALITY)).dataSet.elements).toHaveProperty("x00080060");
    },
  );

  it("throws what is no DICOM file", () => {
    expect(() => parseBytes(new Uint8Array(300).fill(0x41))).toThrow();
  });
});

it("reads a header without the pixels, however long they are", async () => {
  const pixels: Written = ["7fe00010", "OW", new Uint8Array(600_000)];
  const { dataSet } = await readHeader(new Blob([written(MODALITY, STUDY, pixels)]));
  expect(text(dataSet, "x0020000d")).toBe("1.2.3");
});

describe("radiographFacts", () => {
  const PICTURE: Written[] = [
    ["00280010", "US", [4]],
    ["00280011", "US", [4]],
  ];
  function holds(sopClass: string, ...elements: Written[]) {
    return radiographFacts(parseBytes(written(["00080016", "UI", sopClass], ...PICTURE, ...elements)))
      .holdsInstead;
  }
  const STORAGE = "1.2.840.10008.5.1.4.1.1.";

  it.each(["1", "1.1", "1.1.1", "7", "12.1"])("takes %s for a radiograph's", (kind) => {
    expect(holds(STORAGE + kind)).toBeNull();
  });

  it.each([
    ["88.33", "a report"],
    ["104.1", "a document"],
    ["2", "a slice of a CT"],
    ["2.1", "a slice of a CT"],
    ["4", "a slice of an MR"],
    ["66.4", "a segmentation or a registration"],
    ["6.1", "an ultrasound picture"],
    ["13.1.3", "a volume of X-ray slices"],
  ])("tells %s to be %s", (kind, what) => {
    expect(holds(STORAGE + kind)).toBe(what);
  });

  it("leaves out several frames, and what has no picture", () => {
    expect(holds(`${STORAGE}1.1`, ["00280008", "IS", "12"])).toBe("12 frames");
    expect(radiographFacts(parseBytes(written(MODALITY))).holdsInstead).toBe("no picture");
  });

  it("reads the view by its position, else by its code", () => {
    const facts = radiographFacts(parseBytes(written(["00185101", "CS", "LL"])));
    expect(facts.view).toBe("Lateral");
  });
});
