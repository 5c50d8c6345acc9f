import { VisuallyHidden } from "@mantine/core";

import { finePercent, plainPercent } from "@/lib/format/figures";
import type { FindingAnswer, ReadingAnswer } from "@/lib/api/types";
import { capitalised, findingWords, listed, say } from "@/lib/words/catalogue";

import { type ArrangedFinding, inTasks, type Tasks } from "./findings-in-tasks";

import styles from "./probability-bars.module.css";

type Zone = NonNullable<ReadingAnswer["uncertain_between"]>;

function zoneWords([low, high]: Zone): string {
  return say("on_page", "between", { low: plainPercent(low), high: plainPercent(high) });
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

interface FindingBarsProps {
  readonly findings: readonly ArrangedFinding[];
  /** Of the first finding. */
  readonly zone: Zone | null;
}

/** Each finding's probability as a bar, operating point and uncertain zone marked. */
export function FindingBars({ findings, zone }: FindingBarsProps) {
  return (
    <ul className={styles.findings} aria-label="Probabilities">
      {findings.map(({ finding, isPart }, index) => (
        <FindingBar key={finding.code} finding={finding} isPart={isPart} zone={index === 0 ? zone : null} />
      ))}
    </ul>
  );
}

/** A zone to draw; one of no width leaves nothing undecided. */
export function drawnZone(zone: Zone | null): Zone | null {
  return zone && zone[0] < zone[1] ? zone : null;
}

function addingUp(findings: readonly ArrangedFinding[], isSum: boolean): string | null {
  const [whole] = findings;
  const parts = findings.filter(({ isPart }) => isPart).map(({ finding }) => findingWords(finding.code));
  if (!whole || !isSum || parts.length === 0) return null;
  const fields = { parts: capitalised(listed(parts)), finding: findingWords(whole.finding.code) };
  return `${say("on_page", "sum", fields)} `;
}

interface ProbabilityBarsProps {
  readonly findings: readonly FindingAnswer[];
  /** Of the finding with the operating point; null for a model that always decides. */
  readonly uncertainBetween: Zone | null;
  /** What the model decides on, by its card. */
  readonly tasks: Tasks;
  /** Parts exclude one another, so that their probabilities add up. */
  readonly isSum: boolean;
}

/** The probabilities of a reading with one decision, and what the marks mean. */
export function ProbabilityBars({ findings, uncertainBetween, tasks, isSum }: ProbabilityBarsProps) {
  const arranged = inTasks(findings, tasks);
  const hasUnassessed = findings.some(({ assessed }) => !assessed);
  const zone = drawnZone(uncertainBetween);
  const withPoint = findings.find(({ operating_point: point }) => typeof point === "number");
  return (
    <div>
      <h3 className={styles.title}>Probabilities</h3>
      <FindingBars findings={arranged} zone={zone} />
      <p className={styles.explanation}>
        {withPoint && (
          <>
            <span className={styles.pointSample} aria-hidden />{" "}
            {zone === null ? (
              say("on_page", "point", { finding: findingWords(withPoint.code) })
            ) : (
              <>
                {say("on_page", "point_sample")} <span className={styles.zoneSample} aria-hidden />{" "}
                {say("on_page", "zone", { zone: zoneWords(zone), finding: findingWords(withPoint.code) })}
              </>
            )}{" "}
          </>
        )}
        {addingUp(arranged, isSum)}
        {hasUnassessed && `${say("on_page", "not_assessed")} `}
        {say("on_page", "prevalence")}
      </p>
    </div>
  );
}
