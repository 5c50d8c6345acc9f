import { finePercent, plainPercent } from "@/lib/format/figures";
import type { FindingAnswer } from "@/lib/api/types";

import styles from "./probability-bars.module.css";

/** Findings whose probabilities add up to pneumonia's, shown as parts of it. */
const PARTS_OF_PNEUMONIA = new Set(["bacterial_pneumonia", "viral_pneumonia"]);
const ORDER = ["pneumonia", "bacterial_pneumonia", "viral_pneumonia", "normal"];

function rank({ code }: FindingAnswer): number {
  const index = ORDER.indexOf(code);
  return index === -1 ? ORDER.length : index;
}

interface FindingBarProps {
  readonly finding: FindingAnswer;
  readonly isPart: boolean;
}

function FindingBar({ finding, isPart }: FindingBarProps) {
  const { code, label, probability, operating_point: operatingPoint, assessed } = finding;
  const hasPoint = typeof operatingPoint === "number";
  return (
    <li className={styles.finding} data-part={isPart || undefined} data-code={code} data-assessed={assessed}>
      <span className={styles.label}>
        {label}
        {!assessed && <span className={styles.notAssessed}> not assessed</span>}
      </span>
      <span className={styles.value}>{finePercent(probability)}</span>
      <span className={styles.track} aria-hidden>
        <span className={styles.bar} style={{ width: `${probability * 100}%` }} />
        {hasPoint && <span className={styles.point} style={{ left: `${operatingPoint * 100}%` }} />}
      </span>
      {hasPoint && (
        <span className={styles.pointRow}>
          <span
            className={styles.pointLabel}
            // Kept on the track where the point is near one of its ends.
            style={{ left: `${Math.min(Math.max(operatingPoint * 100, 21), 79)}%` }}
          >
            operating point {plainPercent(operatingPoint)}
          </span>
        </span>
      )}
    </li>
  );
}

/** Each finding's probability as a bar, the operating point marked, and in words what they mean. */
export function ProbabilityBars({ findings }: { readonly findings: readonly FindingAnswer[] }) {
  const sorted = [...findings].sort((a, b) => rank(a) - rank(b));
  const hasPneumonia = findings.some(({ code }) => code === "pneumonia");
  const hasParts = hasPneumonia && findings.some(({ code }) => PARTS_OF_PNEUMONIA.has(code));
  const hasUnassessed = findings.some(({ assessed }) => !assessed);
  const withPoint = sorted.find(({ operating_point: point }) => typeof point === "number");
  return (
    <div>
      <h3 className={styles.title}>Probabilities</h3>
      <ul className={styles.findings}>
        {sorted.map((finding) => (
          <FindingBar
            key={finding.code}
            finding={finding}
            isPart={hasPneumonia && PARTS_OF_PNEUMONIA.has(finding.code)}
          />
        ))}
      </ul>
      <p className={styles.explanation}>
        {typeof withPoint?.operating_point === "number" && (
          <>
            <span className={styles.pointSample} aria-hidden /> From its operating point on (
            {plainPercent(withPoint.operating_point)}), the model calls {withPoint.label.toLowerCase()}{" "}
            present; below it, absent.{" "}
          </>
        )}
        {hasParts && "Bacterial and viral add up to pneumonia. "}
        {hasUnassessed && "Not assessed: on test patients the model told these apart too weakly to rely on. "}
        A probability is the model&apos;s, not the patient&apos;s: how common the disease is among your
        patients changes what it is worth.
      </p>
    </div>
  );
}
