import { type ScaleContinuousNumeric, scaleLinear } from "d3-scale";
import { type ReactNode, useId } from "react";

import styles from "./plots.module.css";
import { PlotTable, type PlotTableProps } from "./plot-table";

type Scale = ScaleContinuousNumeric<number, number>;

const WIDTH = 360;
const HEIGHT = 296;
const INSIDE = { left: 54, top: 12, right: WIDTH - 22, bottom: HEIGHT - 48 };

export interface Axis {
  readonly label: string;
  readonly scale: Scale;
  readonly ticks: readonly number[];
  readonly words: (value: number) => string;
}

export const HORIZONTAL: readonly [number, number] = [INSIDE.left, INSIDE.right];
export const VERTICAL: readonly [number, number] = [INSIDE.bottom, INSIDE.top];

const SHARES = [0, 0.25, 0.5, 0.75, 1];

/** An axis of shares from 0 to 100 %. */
export function shareAxis(label: string, range: readonly [number, number]): Axis {
  const scale = scaleLinear([0, 1], range);
  return { label, scale, ticks: SHARES, words: (value) => `${Math.round(value * 100)}\u00a0%` };
}

interface LegendEntry {
  readonly words: string;
  readonly look: "model" | "reference" | "negative" | "chosen" | "chosenLine";
}

interface PlotProps {
  readonly title: string;
  /** What is to be seen, in a sentence or two: for everyone, and for who does not see it. */
  readonly description: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly legend: readonly LegendEntry[];
  readonly table: PlotTableProps;
  readonly children: ReactNode;
}

function HorizontalAxis({ label, scale, ticks, words }: Axis) {
  return (
    <g>
      {ticks.map((tick) => (
        <g key={tick} transform={`translate(${scale(tick)} 0)`}>
          <line y1={INSIDE.top} y2={INSIDE.bottom} className={styles.grid} />
          <text y={INSIDE.bottom + 20} className={styles.tick} textAnchor="middle">
            {words(tick)}
          </text>
        </g>
      ))}
      <text
        x={(INSIDE.left + INSIDE.right) / 2}
        y={HEIGHT - 8}
        className={styles.axisLabel}
        textAnchor="middle"
      >
        {label}
      </text>
    </g>
  );
}

function VerticalAxis({ label, scale, ticks, words }: Axis) {
  const middle = (INSIDE.top + INSIDE.bottom) / 2;
  return (
    <g>
      {ticks.map((tick) => (
        <g key={tick} transform={`translate(0 ${scale(tick)})`}>
          <line x1={INSIDE.left} x2={INSIDE.right} className={styles.grid} />
          <text x={INSIDE.left - 6} dy="0.32em" className={styles.tick} textAnchor="end">
            {words(tick)}
          </text>
        </g>
      ))}
      <text
        transform={`translate(11 ${middle}) rotate(-90)`}
        className={styles.axisLabel}
        textAnchor="middle"
      >
        {label}
      </text>
    </g>
  );
}

/** A drawing with its axes, its legend, its description, and its figures as a table. */
export function Plot({ title, description, x, y, legend, table, children }: PlotProps) {
  const titleId = useId();
  const descriptionId = useId();
  return (
    <figure className={styles.plot}>
      <h3 id={titleId} className={styles.title}>
        {title}
      </h3>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="img"
        aria-labelledby={titleId}
        aria-describedby={descriptionId}
        className={styles.drawing}
      >
        <HorizontalAxis {...x} />
        <VerticalAxis {...y} />
        {children}
      </svg>
      <ul className={styles.legend} aria-hidden>
        {legend.map(({ words, look }) => (
          <li key={words}>
            <span className={styles.swatch} data-look={look} />
            {words}
          </li>
        ))}
      </ul>
      <figcaption id={descriptionId} className={styles.description}>
        {description}
      </figcaption>
      <PlotTable {...table} />
    </figure>
  );
}
