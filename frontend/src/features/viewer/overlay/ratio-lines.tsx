import type { RatioAnswer } from "@/lib/api/types";

import { type Matrix, toViewport } from "../film/geometry";
import styles from "./overlay.module.css";

type Lines = NonNullable<RatioAnswer["lines"]>;

const TICK_PX = 6;
const LABEL_PX = 9;

interface DiameterProps {
  readonly name: "heart" | "thorax";
  readonly label: string;
  readonly line: Lines["heart"];
  readonly matrix: Matrix;
  /** The side of the line, on the upright film, on which the label does not cover the other one. */
  readonly side: "above" | "below";
}

/** One diameter with its end ticks and its name; its letters stay upright and of one size. */
function Diameter({ name, label, line, matrix, side }: DiameterProps) {
  const [start, end] = [toViewport(matrix, line[0]), toViewport(matrix, line[1])];
  const length = Math.hypot(end[0] - start[0], end[1] - start[1]) || 1;
  const [ux, uy] = [(end[0] - start[0]) / length, (end[1] - start[1]) / length];
  const tick = ([x, y]: readonly [number, number]) =>
    `M${x - TICK_PX * uy} ${y + TICK_PX * ux}L${x + TICK_PX * uy} ${y - TICK_PX * ux}`;
  const path = `M${start.join(" ")}L${end.join(" ")}${tick(start)}${tick(end)}`;
  const away = side === "above" ? 1 : -1;
  const [nx, ny] = [away * uy, away * -ux];
  return (
    <g data-diameter={name}>
      <path d={path} className={styles.casing} />
      <path d={path} className={styles.line} />
      <text
        x={(start[0] + end[0]) / 2 + LABEL_PX * nx}
        y={(start[1] + end[1]) / 2 + LABEL_PX * ny}
        className={styles.label}
        textAnchor={Math.abs(nx) > 0.5 ? (nx > 0 ? "start" : "end") : "middle"}
        dominantBaseline={Math.abs(ny) > 0.5 ? (ny > 0 ? "hanging" : "auto") : "middle"}
      >
        {label}
      </text>
    </g>
  );
}

function labelOf(name: string, widthMm: number | null): string {
  return widthMm === null ? name : `${name} ${Math.round(widthMm)}\u00a0mm`;
}

interface RatioLinesProps {
  readonly ratio: RatioAnswer;
  readonly matrix: Matrix;
}

/** The two diameters that the cardiothoracic ratio is made of. */
export function RatioLines({ ratio, matrix }: RatioLinesProps) {
  const { lines } = ratio;
  if (!lines) return null;
  const heartIsHigher = lines.heart[0][1] <= lines.thorax[0][1];
  return (
    <>
      <Diameter
        name="heart"
        label={labelOf("Heart", ratio.heart_mm)}
        line={lines.heart}
        matrix={matrix}
        side={heartIsHigher ? "above" : "below"}
      />
      <Diameter
        name="thorax"
        label={labelOf("Chest", ratio.thorax_mm)}
        line={lines.thorax}
        matrix={matrix}
        side={heartIsHigher ? "below" : "above"}
      />
    </>
  );
}
