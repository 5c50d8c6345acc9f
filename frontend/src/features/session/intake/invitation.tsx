import { GatherProgress } from "./gather-progress";
import { IntakeButtons } from "./intake-buttons";
import styles from "./intake.module.css";
import { SyntheticExamples } from "./synthetic-examples";

/** The empty light box. */
export function Invitation() {
  return (
    <div className={styles.invitation}>
      <svg viewBox="0 0 120 132" fill="none" className={styles.outline} aria-hidden focusable={false}>
        <rect
          x="1.5"
          y="1.5"
          width="117"
          height="129"
          rx="5"
          stroke="currentColor"
          strokeOpacity=".45"
          strokeDasharray="5 5"
          strokeWidth="1.5"
        />
        <g stroke="currentColor" strokeWidth="2" strokeLinecap="round" strokeLinejoin="round">
          <path d="M60 20v30M60 50c-4 7-9 9-15 10M60 50c4 7 9 9 15 10" />
          <path d="M47 34c-15 4-27 30-27 68 0 5 4 6 8 4 7-4 14-6 22-7 3-.4 4-2 4-5V62M73 34c15 4 27 30 27 68 0 5-4 6-8 4-7-4-14-6-22-7-3-.4-4-2-4-5V62" />
        </g>
      </svg>
      <h2 className={styles.invitationTitle}>
        <span className={styles.byMouse}>Drop a chest radiograph here</span>
        <span className={styles.byFinger}>Choose a chest radiograph</span>
      </h2>
      <IntakeButtons words="Choose files" size="md" variant="filled" />
      <p className={styles.hint}>One or many, a folder or a zip. Pasting a picture works too.</p>
      <GatherProgress />
      <SyntheticExamples />
    </div>
  );
}
