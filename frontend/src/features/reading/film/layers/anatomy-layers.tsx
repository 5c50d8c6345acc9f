import type { AnatomyAnswer, ReadingAnswer } from "@/lib/api/types";

import styles from "./layers.module.css";
import { RatioLines } from "./ratio-lines";
import { useShownLayers } from "./shown-layers";

type Polygons = AnatomyAnswer["heart"]["polygons"];

interface AnatomyLayersProps {
  readonly anatomy: AnatomyAnswer;
  readonly image: ReadingAnswer["image"];
}

function pathOf(polygons: Polygons): string {
  return polygons.map((points) => `M${points.map(([x, y]) => `${x} ${y}`).join("L")}Z`).join("");
}

interface OrganProps {
  readonly layer: "lungs" | "heart";
  readonly organ: "right_lung" | "left_lung" | "heart";
  readonly polygons: Polygons;
}

function Organ({ layer, organ, polygons }: OrganProps) {
  const path = pathOf(polygons);
  return (
    <g data-layer={layer} data-organ={organ}>
      <path d={path} className={styles.casing} />
      <path d={path} className={styles.outline} />
    </g>
  );
}

/** Lungs, heart and the ratio's lines over the film, in the film's own pixels. */
export function AnatomyLayers({ anatomy, image }: AnatomyLayersProps) {
  const { shown } = useShownLayers();
  const { right_lung: right, left_lung: left, heart, cardiothoracic_ratio: ratio } = anatomy;
  return (
    <>
      <svg
        className={styles.drawing}
        viewBox={`0 0 ${image.columns} ${image.rows}`}
        preserveAspectRatio="none"
        aria-hidden
        focusable={false}
      >
        {shown.has("lungs") && (
          <>
            <Organ layer="lungs" organ="right_lung" polygons={right.polygons} />
            <Organ layer="lungs" organ="left_lung" polygons={left.polygons} />
          </>
        )}
        {shown.has("heart") && <Organ layer="heart" organ="heart" polygons={heart.polygons} />}
      </svg>
      {shown.has("ratio") && ratio.lines && <RatioLines lines={ratio.lines} ratio={ratio} image={image} />}
    </>
  );
}
