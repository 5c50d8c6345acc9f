import type { FindingEvidence } from "@/lib/api/types";

import { cssGradient } from "./colour-map";
import styles from "./legend.module.css";

interface LegendProps {
  readonly finding: FindingEvidence;
  readonly opacity: number;
}

/** What the colours of evidence mean, over the grey that they lie on. */
export function Legend({ finding, opacity }: LegendProps) {
  return (
    <div className={styles.legend} data-legend>
      <span>Evidence for {finding.label.toLowerCase()}</span>
      <span className={styles.scale}>
        <span>none</span>
        <span className={styles.bar} aria-hidden>
          <span style={{ background: cssGradient(opacity) }} />
        </span>
        <span>most on this film</span>
      </span>
    </div>
  );
}
