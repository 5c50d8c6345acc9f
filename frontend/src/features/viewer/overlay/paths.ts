import type { Polygons } from "@/lib/api/types";

/** Polygons as SVG writes them. */
export function pathOf(polygons: Polygons): string {
  return polygons.map((points) => `M${points.map(([x, y]) => `${x} ${y}`).join("L")}Z`).join("");
}
