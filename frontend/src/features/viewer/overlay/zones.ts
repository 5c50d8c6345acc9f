/** The regions that evidence is named by, as outlines: thirds of each lung's height, and the heart. */
import type { AnatomyAnswer, FindingEvidence, Polygons, RegionCode } from "@/lib/api/types";

type Polygon = Polygons[number];
type Vertex = Polygon[number];

const ZONES = ["upper", "middle", "lower"] as const;

/** Where the line from `a` to `b` meets a height. */
function meeting(a: Vertex, b: Vertex, y: number): Vertex {
  return [a[0] + ((y - a[1]) / (b[1] - a[1])) * (b[0] - a[0]), y];
}

/** The part of a polygon on one side of a horizontal line (Sutherland and Hodgman). */
function cut(polygon: Polygon, y: number, isBelow: boolean): Polygon {
  const isInside = (point: Vertex) => (isBelow ? point[1] >= y : point[1] <= y);
  return polygon.flatMap((point, index) => {
    const before = polygon.at(index - 1) ?? point;
    const crossing = isInside(point) === isInside(before) ? [] : [meeting(before, point, y)];
    return isInside(point) ? [...crossing, point] : crossing;
  });
}

function band(polygons: Polygons, top: number, bottom: number): Polygons {
  return polygons
    .map((polygon) => cut(cut(polygon, top, true), bottom, false))
    .filter((polygon) => polygon.length > 2);
}

function zoneOf(polygons: Polygons, index: number): Polygons {
  const heights = polygons.flat().map(([, y]) => y);
  const [top, bottom] = [Math.min(...heights), Math.max(...heights)];
  const at = (third: number) => top + ((bottom - top) * third) / ZONES.length;
  return band(polygons, at(index), at(index + 1));
}

const SIDES = ["right", "left", "picture_left", "picture_right"] as const;

/** The outlined lungs: by the patient's sides, or by the picture's where it is not certain which is which. */
export function lungsOf(anatomy: AnatomyAnswer) {
  return SIDES.flatMap((side) => {
    const lung = anatomy[`${side}_lung`];
    return lung ? [{ side, polygons: lung.polygons }] : [];
  });
}

/** Whether a region is the zones of both lungs. */
function isWithoutSide(region: RegionCode): boolean {
  return region.startsWith("both_");
}

/** A region's outline in the radiograph's pixels; empty where it has none. */
export function outlineOf(region: RegionCode, anatomy: AnatomyAnswer): Polygons {
  if (region === "heart") return anatomy.heart.polygons;
  const zone = ZONES.findIndex((name) => region.includes(`_${name}_`));
  if (zone === -1) return [];
  return lungsOf(anatomy)
    .filter(({ side, polygons }) => polygons.length > 0 && (isWithoutSide(region) || region.startsWith(side)))
    .flatMap(({ polygons }) => zoneOf(polygons, zone));
}

/** Whether a point is within polygons, by how often a ray from it crosses their edges. */
export function isWithin([x, y]: readonly [number, number], polygons: Polygons): boolean {
  let isInside = false;
  for (const polygon of polygons) {
    polygon.forEach((point, index) => {
      const before = polygon.at(index - 1) ?? point;
      if (point[1] > y !== before[1] > y && x < meeting(before, point, y)[0]) isInside = !isInside;
    });
  }
  return isInside;
}

/**
 * The region at a point of the radiograph, as a finding's evidence names it: without a side where it names
 * none. Where outlines overlap, lung goes before heart.
 */
export function regionAt(
  point: readonly [number, number],
  anatomy: AnatomyAnswer,
  { regions }: Pick<FindingEvidence, "regions">,
): RegionCode {
  const isUnsided = regions.some(({ region }) => isWithoutSide(region));
  for (const { side, polygons } of lungsOf(anatomy)) {
    const zone = ZONES.find((_, index) => polygons.length > 0 && isWithin(point, zoneOf(polygons, index)));
    if (zone === undefined) continue;
    return isUnsided || side === "picture_left" || side === "picture_right"
      ? `both_${zone}_zones`
      : `${side}_${zone}_zone`;
  }
  return isWithin(point, anatomy.heart.polygons) ? "heart" : "outside_lungs_and_heart";
}
