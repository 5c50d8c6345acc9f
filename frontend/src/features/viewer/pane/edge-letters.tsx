import type { PatientOrientation } from "@/lib/dicom/patient-orientation";

import type { Matrix } from "../film/geometry";
import { edgeLetters } from "./orientation-letters";
import styles from "./pane.module.css";

const EDGE_PX = 14;
/** Above the window's figures and the evidence's legend. */
const BOTTOM_PX = 32;

interface EdgeLettersProps {
  readonly orientation: PatientOrientation;
  readonly matrix: Matrix;
}

/** Which way the patient lies, at the viewport's edges: as a drawing, so that saved pictures have it. */
export function EdgeLetters({ orientation, matrix }: EdgeLettersProps) {
  const { top, right, bottom, left } = edgeLetters(orientation, matrix);
  return (
    <div
      className={styles.letters}
      data-overlay
      data-letters
      role="img"
      aria-label={`Top ${top}, right ${right}, bottom ${bottom}, left ${left}`}
    >
      <svg focusable={false} aria-hidden>
        <text data-edge="top" x="50%" y={EDGE_PX} textAnchor="middle" dominantBaseline="middle">
          {top}
        </text>
        <text data-edge="right" x="100%" y="50%" dx={-EDGE_PX} textAnchor="middle" dominantBaseline="middle">
          {right}
        </text>
        <text
          data-edge="bottom"
          x="50%"
          y="100%"
          dy={-BOTTOM_PX}
          textAnchor="middle"
          dominantBaseline="middle"
        >
          {bottom}
        </text>
        <text data-edge="left" x={EDGE_PX} y="50%" textAnchor="middle" dominantBaseline="middle">
          {left}
        </text>
      </svg>
    </div>
  );
}
