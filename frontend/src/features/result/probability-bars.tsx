import { VisuallyHidden } from "@mantine/core";

import { finePercent, plainPercent } from "@/lib/format/figures";
import type { FindingAnswer, ReadingAnswer } from "@/lib/api/types";

import styles from "./probability-bars.module.css";

/** Findings whose probabilities add up to pneumonia's, shown as parts of it. */
const PARTS_OF_PNEUMONIA = new Set(["bacterial_pneumonia", "viral_pneumonia"]);
const ORDER = ["pneumonia", "bacterial_pneumonia", "viral_pneumonia", "normal"];

function rank({ code }: FindingAnswer): number {
  const index = ORDER.indexOf(code);
  return index === -1 ? ORDER.length : index;
}

type Zone = NonNullable<ReadingAnswer["uncertain_between"]>;

function zoneWords([low, high]: Zone): string {
  return `from ${plainPercent(low)} to ${plainPercent(high)}`;
}

interface FindingBarProps {
  readonly finding: FindingAnswer;
  readonly isPart: boolean;
  /** Probabilities between which the model cannot tell. */
  readonly zone: Zone | null;
}

function FindingBar({ finding, isPart, zone }: FindingBarProps) {
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
        {zone && (
          <span
            className={styles.zone}
            data-zone
            style={{ left: `${zone[0] * 100}%`, right: `${(1 - zone[1]) * 100}%` }}
          />
        )}
        <span className={styles.bar} style={{ width: `${probability * 100}%` }} />
        {hasPoint && <span className={styles.point} style={{ left: `${operatingPoint * 100}%` }} />}
      </span>
      {zone && <VisuallyHidden>uncertain {zoneWords(zone)}</VisuallyHidden>}
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

interface ProbabilityBarsProps {
  readonly findings: readonly FindingAnswer[];
  /** Of the finding with the operating point; null for a model that always decides. */
  readonly uncertainBetween: Zone | null;
}

/** Each finding's probability as a bar, operating point and uncertain zone marked, and what they mean. */
export function ProbabilityBars({ findings, uncertainBetween }: ProbabilityBarsProps) {
  const sorted = [...findings].sort((a, b) => rank(a) - rank(b));
  const hasPneumonia = findings.some(({ code }) => code === "pneumonia");
  const hasParts = hasPneumonia && findings.some(({ code }) => PARTS_OF_PNEUMONIA.has(code));
  const hasUnassessed = findings.some(({ assessed }) => !assessed);
  // A zone of no width leaves nothing undecided.
  const zone = uncertainBetween && uncertainBetween[0] < uncertainBetween[1] ? uncertainBetween : null;
  const withPoint = sorted.find(({ operating_point: point }) => typeof point === "number");
  return (
    <div>
      <h3 className={styles.title}>Probabilities</h3>
      <ul className={styles.findings} aria-label="Probabilities">
        {sorted.map((finding) => (
          <FindingBar
            key={finding.code}
            finding={finding}
            isPart={hasPneumonia && PARTS_OF_PNEUMONIA.has(finding.code)}
            zone={finding === withPoint ? zone : null}
          />
        ))}
      </ul>
      <p className={styles.explanation}>
        {typeof withPoint?.operating_point === "number" && (
          <>
            <span className={styles.pointSample} aria-hidden />{" "}
            {zone === null ? (
              <>
                From the operating point on, {withPoint.label.toLowerCase()} counts as present, below it as
                absent.{" "}
              </>
            ) : (
              <>
                The operating point. <span className={styles.zoneSample} aria-hidden /> In the shaded zone,{" "}
                {zoneWords(zone)}, the model cannot tell; above it {withPoint.label.toLowerCase()} counts as
                present, below it as absent.{" "}
              </>
            )}
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
