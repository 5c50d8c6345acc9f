import { describe, expect, it } from "vitest";

import type { RegionCode } from "@/lib/api/types";
import { anatomyAnswer } from "@/lib/testing/anatomy-answers";

import { isWithin, outlineOf, regionAt } from "./zones";

// Right lung 263…800, heart 720…1282, left lung 1020…1539; all of rows 200 to 1100.
const anatomy = anatomyAnswer();

function evidenceIn(...regions: RegionCode[]) {
  return { regions: regions.map((region) => ({ region, label: region, share: 1 / regions.length })) };
}

describe("zones", () => {
  it("are thirds of a lung's height", () => {
    const [zone] = outlineOf("right_middle_zone", anatomy);
    const xs = zone?.map(([x]) => x) ?? [];
    const ys = zone?.map(([, y]) => y) ?? [];
    expect([Math.min(...xs), Math.max(...xs)]).toEqual([263, 800]);
    expect([Math.min(...ys), Math.max(...ys)]).toEqual([500, 800]);
  });

  it("of a slanting lung follow its edge", () => {
    const triangle = {
      area: 1,
      area_mm2: null,
      polygons: [
        [
          [0, 0],
          [300, 300],
          [0, 300],
        ],
      ],
    };
    const slanted = anatomyAnswer({ left_lung: triangle as typeof anatomy.left_lung });
    const [upper] = outlineOf("left_upper_zone", slanted);
    expect(upper).toHaveLength(3);
    expect(upper).toEqual(
      expect.arrayContaining([
        [0, 0],
        [100, 100],
        [0, 100],
      ]),
    );
  });

  it("are none where a lung was not found", () => {
    const nothing = { area: null, area_mm2: null, polygons: [] };
    expect(outlineOf("left_upper_zone", anatomyAnswer({ left_lung: nothing }))).toEqual([]);
    expect(outlineOf("outside_lungs_and_heart", anatomy)).toEqual([]);
  });
});

describe("zones of a film whose sides are uncertain", () => {
  const none = { area: null, area_mm2: null, polygons: [] };
  const unsided = anatomyAnswer({
    right_lung: none,
    left_lung: none,
    picture_left_lung: anatomy.right_lung,
    picture_right_lung: anatomy.left_lung,
  });

  it("are those of both lungs", () => {
    expect(outlineOf("both_middle_zones", unsided)).toEqual(outlineOf("both_middle_zones", anatomy));
    expect(outlineOf("right_upper_zone", unsided)).toEqual([]);
  });

  it("are found under a point", () => {
    expect(regionAt([300, 650], unsided, evidenceIn("heart"))).toBe("both_middle_zones");
    expect(regionAt([1500, 1090], unsided, evidenceIn("heart"))).toBe("both_lower_zones");
    expect(regionAt([900, 600], unsided, evidenceIn("heart"))).toBe("heart");
  });
});

describe("zones of evidence that names no side", () => {
  const spread = evidenceIn("both_middle_zones", "heart");

  it("are outlined in both lungs", () => {
    expect(outlineOf("both_lower_zones", anatomy)).toEqual([
      ...outlineOf("right_lower_zone", anatomy),
      ...outlineOf("left_lower_zone", anatomy),
    ]);
    expect(outlineOf("both_lower_zones", anatomy)).toHaveLength(2);
  });

  it.each([
    [[300, 210], "both_upper_zones"],
    [[1500, 650], "both_middle_zones"],
    [[900, 600], "heart"],
    [[100, 600], "outside_lungs_and_heart"],
  ] as const)("are found under a point, %j in %s", (point, region) => {
    expect(regionAt(point, anatomy, spread)).toBe(region);
  });
});

describe("the region at a point", () => {
  it.each([
    [[300, 210], "right_upper_zone"],
    [[300, 650], "right_middle_zone"],
    [[1500, 1090], "left_lower_zone"],
    [[900, 600], "heart"],
    [[750, 600], "right_middle_zone"],
    [[100, 600], "outside_lungs_and_heart"],
  ] as const)("%j is the %s, lung before heart", (point, region) => {
    expect(regionAt(point, anatomy, evidenceIn("right_lower_zone", "heart"))).toBe(region);
  });

  it("leaves a hole out", () => {
    const square = (from: number, to: number): [number, number][] => [
      [from, from],
      [to, from],
      [to, to],
      [from, to],
    ];
    expect(isWithin([5, 5], [square(0, 10), square(4, 6)])).toBe(false);
    expect(isWithin([2, 2], [square(0, 10), square(4, 6)])).toBe(true);
  });
});
