import type { RatioAnswer, ReadingAnswer } from "@/lib/api/types";

import styles from "./layers.module.css";

type Lines = NonNullable<RatioAnswer["lines"]>;
type Line = Lines["heart"];

interface DiameterProps {
  readonly name: "heart" | "thorax";
  readonly label: string;
  readonly line: Line;
  readonly image: ReadingAnswer["image"];
  /** The side of the line on which the label does not cover the other one. */
  readonly labelSide: "above" | "below";
}

/** One diameter with its end ticks and its name; drawn in boxes, so that its letters don't scale. */
function Diameter({ name, label, line, image, labelSide }: DiameterProps) {
  const [[left, y], [right]] = line;
  const position = {
    left: `${(100 * left) / image.columns}%`,
    top: `${(100 * y) / image.rows}%`,
    width: `${(100 * (right - left)) / image.columns}%`,
  };
  return (
    <div className={styles.diameter} style={position} data-diameter={name}>
      <span className={styles.diameterLabel} data-side={labelSide}>
        {label}
      </span>
    </div>
  );
}

interface RatioLinesProps {
  readonly lines: Lines;
  readonly ratio: RatioAnswer;
  readonly image: ReadingAnswer["image"];
}

function labelOf(name: string, widthMm: number | null): string {
  return widthMm === null ? name : `${name} ${Math.round(widthMm)}\u00a0mm`;
}

/** The two diameters that the cardiothoracic ratio is made of. */
export function RatioLines({ lines, ratio, image }: RatioLinesProps) {
  const heartIsHigher = lines.heart[0][1] <= lines.thorax[0][1];
  return (
    <div data-layer="ratio" aria-hidden>
      <Diameter
        name="heart"
        label={labelOf("Heart", ratio.heart_mm)}
        line={lines.heart}
        image={image}
        labelSide={heartIsHigher ? "above" : "below"}
      />
      <Diameter
        name="thorax"
        label={labelOf("Chest", ratio.thorax_mm)}
        line={lines.thorax}
        image={image}
        labelSide={heartIsHigher ? "below" : "above"}
      />
    </div>
  );
}
