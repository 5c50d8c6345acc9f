import type { RatioAnswer } from "@/lib/api/types";

import { type Matrix, type Point, toViewport } from "../film/geometry";
import styles from "./overlay.module.css";

type Lines = NonNullable<RatioAnswer["lines"]>;

const TICK_PX = 6;
const LABEL_PX = 9;
/** Nearer than this to each other on the screen, two lines are taken for one: they are drawn apart. */
const LEAST_APART_PX = 14;

interface DiameterProps {
  readonly name: "heart" | "thorax";
  readonly label: string;
  readonly line: Lines["heart"];
  readonly matrix: Matrix;
  /** The side of the line, on the upright film, on which the label does not cover the other one. */
  readonly side: "above" | "below";
  /** How far to that side the line is drawn from where it was measured. */
  readonly shift: number;
}

type Segment = readonly [Point, Point];

/** The direction of a line on the screen, turned by a right angle. */
function normalOf([start, end]: Segment): Point {
  const length = Math.hypot(end[0] - start[0], end[1] - start[1]) || 1;
  return [(end[1] - start[1]) / length, -(end[0] - start[0]) / length];
}

/** How far each of two lines has to give way. */
function shiftOf(matrix: Matrix, { heart, thorax }: Lines): number {
  const [one, other] = [toViewport(matrix, heart[0]), toViewport(matrix, thorax[0])];
  const [nx, ny] = normalOf([one, toViewport(matrix, heart[1])]);
  const apart = Math.abs((other[0] - one[0]) * nx + (other[1] - one[1]) * ny);
  return Math.max(0, LEAST_APART_PX - apart) / 2;
}

/** One diameter with its end ticks and its name; its letters stay upright and of one size. */
function Diameter({ name, label, line, matrix, side, shift }: DiameterProps) {
  const measured = [toViewport(matrix, line[0]), toViewport(matrix, line[1])] as const;
  const [vx, vy] = normalOf(measured);
  const away = side === "above" ? 1 : -1;
  const [nx, ny] = [away * vx, away * vy];
  const moved = ([x, y]: Point): Point => [x + shift * nx, y + shift * ny];
  const [start, end] = [moved(measured[0]), moved(measured[1])];
  const [ux, uy] = [-vy, vx];
  const tick = ([x, y]: readonly [number, number]) =>
    `M${x - TICK_PX * uy} ${y + TICK_PX * ux}L${x + TICK_PX * uy} ${y - TICK_PX * ux}`;
  const path = `M${start.join(" ")}L${end.join(" ")}${tick(start)}${tick(end)}`;
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
  const shift = shiftOf(matrix, lines);
  const heartIsHigher = lines.heart[0][1] <= lines.thorax[0][1];
  return (
    <>
      <Diameter
        name="heart"
        label={labelOf("Heart", ratio.heart_mm)}
        line={lines.heart}
        matrix={matrix}
        side={heartIsHigher ? "above" : "below"}
        shift={shift}
      />
      <Diameter
        name="thorax"
        label={labelOf("Chest", ratio.thorax_mm)}
        line={lines.thorax}
        matrix={matrix}
        side={heartIsHigher ? "below" : "above"}
        shift={shift}
      />
    </>
  );
}
