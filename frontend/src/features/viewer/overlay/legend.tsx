import { say } from "@/lib/words/catalogue";

import { cssGradient } from "./colour-map";
import styles from "./legend.module.css";

interface LegendProps {
  /** What it is the evidence for. */
  readonly title: string;
  readonly opacity: number;
}

/** What the colours of evidence mean, over the grey that they lie on. */
export function Legend({ title, opacity }: LegendProps) {
  return (
    <div className={styles.legend} data-legend>
      <span>{title}</span>
      <span className={styles.scale}>
        <span>{say("on_page", "legend_least")}</span>
        <span className={styles.bar} aria-hidden>
          <span style={{ background: cssGradient(opacity) }} />
        </span>
        <span>{say("on_page", "legend_most")}</span>
      </span>
    </div>
  );
}
