import { memo } from "react";

import type { Polygons } from "@/lib/api/types";

import styles from "./overlay.module.css";
import { pathOf } from "./paths";

interface OutlineProps {
  readonly polygons: Polygons;
  /** Named for who looks at the page's parts: an organ, a region, a level. */
  readonly name: string;
  readonly isFilled?: boolean;
}

/** Polygons of the radiograph, with a dark casing that keeps them readable over bone. */
export const Outline = memo(function Outline({ polygons, name, isFilled = false }: OutlineProps) {
  const path = pathOf(polygons);
  return (
    <g data-outline={name}>
      <path d={path} className={styles.casing} />
      <path d={path} className={styles.outline} data-filled={isFilled || undefined} />
    </g>
  );
});
