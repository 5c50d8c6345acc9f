import { regionMark } from "@/features/evidence";
import type { LayersState } from "@/features/layers";
import type { FindingEvidence, ReadingAnswer, RegionCode } from "@/lib/api/types";

import { type Matrix, toViewport, transformOf } from "../film/geometry";
import { Heat } from "./heat";
import "./layer-colours.css";
import { Outline } from "./outline";
import styles from "./overlay.module.css";
import { RatioLines } from "./ratio-lines";
import { lungsOf, outlineOf } from "./zones";

export interface OverlayContent {
  readonly answer: ReadingAnswer;
  /** The finding whose evidence is looked at. */
  readonly finding: FindingEvidence | null;
  /** The region that is marked. */
  readonly region: RegionCode | null;
}

interface OverlayProps extends OverlayContent {
  readonly matrix: Matrix;
  readonly layers: LayersState;
}

const LABEL_PX = 6;

/** Evidence, organs and lines over the film: drawn in its own pixels, placed by one matrix. */
export function Overlay({ answer, finding, region, matrix, layers: { shown, opacity } }: OverlayProps) {
  const { anatomy } = answer;
  const transform = transformOf(matrix);
  const marked = region && anatomy ? outlineOf(region, anatomy) : [];
  const onScreen = marked.flat().map((point) => toViewport(matrix, point));
  const across = onScreen.map(([x]) => x);
  return (
    <div className={styles.overlay} data-overlay aria-hidden>
      {shown.has("evidence") && finding?.map && finding.map.maximum > 0 && (
        <Heat key={finding.finding} map={finding.map} matrix={matrix} opacity={opacity.evidence} />
      )}
      <svg className={styles.drawing} focusable={false}>
        {shown.has("contours") && (
          <g data-layer="contours" transform={transform} opacity={opacity.contours}>
            {finding?.contours?.map(({ level, polygons }) => (
              <Outline key={level} name={`level-${level}`} polygons={polygons} />
            ))}
          </g>
        )}
        {anatomy && shown.has("lungs") && (
          <g data-layer="lungs" transform={transform} opacity={opacity.lungs}>
            {lungsOf(anatomy).map(({ side, polygons }) => (
              <Outline key={side} name={`${side}_lung`} polygons={polygons} isFilled />
            ))}
          </g>
        )}
        {anatomy && shown.has("heart") && (
          <g data-layer="heart" transform={transform} opacity={opacity.heart}>
            <Outline name="heart" polygons={anatomy.heart.polygons} isFilled />
          </g>
        )}
        {anatomy && shown.has("ratio") && (
          <g data-layer="ratio" opacity={opacity.ratio}>
            <RatioLines ratio={anatomy.cardiothoracic_ratio} matrix={matrix} />
          </g>
        )}
        {region && finding && onScreen.length > 0 && (
          <g data-layer="region">
            <g transform={transform}>
              <Outline name={region} polygons={marked} />
            </g>
            <text
              x={(Math.min(...across) + Math.max(...across)) / 2}
              y={Math.min(...onScreen.map(([, y]) => y)) - LABEL_PX}
              className={styles.label}
              textAnchor="middle"
            >
              {regionMark(finding, region)}
            </text>
          </g>
        )}
      </svg>
    </div>
  );
}
