import type { FindingCode, OperatingPointAnswer } from "@/lib/api/types";
import { plainPercent } from "@/lib/format/figures";

import { useSessionSnapshot } from "@/features/session";
import { ProblemError } from "@/lib/api/problem";
import { findingWords } from "@/lib/words/catalogue";

import { OperatingPointChoice } from "./operating-point-choice";
import styles from "./operating-point.module.css";

interface OperatingPointProps {
  readonly point: OperatingPointAnswer;
  /** The finding it applies to; null where the model decides on one finding only. */
  readonly finding: FindingCode | null;
  /** Several models read the film. */
  readonly hasSeveralModels: boolean;
  /** How often decisions at this point are right; null where that was not measured. */
  readonly ratesWords: string | null;
}

function whyNot(problem: unknown): string {
  return problem instanceof ProblemError
    ? problem.problem.detail
    : "the server did not answer. Choose it again.";
}

/** What another operating point is applied to. */
function scopeWords(hasSeveralFindings: boolean, hasSeveralModels: boolean): string {
  if (hasSeveralModels) return "For all findings of all models, and all of this session.";
  return hasSeveralFindings ? "For all findings, and all of this session." : "For all of this session.";
}

/** The operating point of a reading, its criterion, its rates, and the choice of another. */
export function OperatingPoint({ point, finding, hasSeveralModels, ratesWords }: OperatingPointProps) {
  const { isDeciding, pointProblem } = useSessionSnapshot();
  return (
    <section className={styles.section} aria-labelledby="operating-point" aria-busy={isDeciding}>
      <h3 id="operating-point" className={styles.title}>
        Operating point{finding === null ? "" : ` of ${findingWords(finding)}`}{" "}
        <span className={styles.threshold}>{plainPercent(point.threshold)}</span>
        {isDeciding && <span className={styles.asking}> deciding…</span>}
      </h3>
      <p>
        <span className={styles.quiet}>Criterion:</span> {point.criterion.replaceAll(" - ", " \u2212 ")}.{" "}
        {ratesWords}
      </p>
      <OperatingPointChoice scope={scopeWords(finding !== null, hasSeveralModels)} />
      {pointProblem !== null && (
        <p className={styles.problem} role="alert">
          The operating point was not changed: {whyNot(pointProblem)}
        </p>
      )}
    </section>
  );
}
