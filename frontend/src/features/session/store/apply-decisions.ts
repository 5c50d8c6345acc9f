import type { DecidedAnswer, EvidenceAnswer, ReadingAnswer, Verdict } from "@/lib/api/types";
import { say } from "@/lib/words/catalogue";

import type { Answered } from "./entry";

/** The evidence to show with a decision: what was found when the film was read, or why none is shown. */
function evidenceFor(evidence: EvidenceAnswer | null, verdicts: readonly Verdict[]): EvidenceAnswer | null {
  if (!evidence) return null;
  const shown = verdicts.filter(({ shows_evidence: isShown }) => isShown);
  const tasks = new Set(shown.map(({ finding }) => finding));
  const findings = evidence.findings.filter(({ task }) => tasks.has(task));
  // Of a film that was read without evidence, the reason for that lasts.
  if (findings.length > 0 || (shown.length > 0 && !evidence.is_shown)) {
    const lasting = evidence.warnings.filter((warning) => warning.code !== "uncertain");
    // Why a reading is not reliable is among the warnings that last.
    const unsure = shown.find(
      ({ code, evidence_caution: caution }) => code === "uncertain" && caution !== null,
    );
    const added = unsure?.evidence_caution
      ? [{ code: "uncertain" as const, message: unsure.evidence_caution }]
      : [];
    return { ...evidence, findings, warnings: [...lasting, ...added] };
  }
  return {
    ...evidence,
    is_shown: false,
    reason: "below_operating_point",
    message: say("clinician", "no_evidence_below"),
    warnings: [],
    findings: [],
  };
}

/** What a model answers with other decisions: its probabilities stay. */
function decidedAnew<Reading extends Pick<ReadingAnswer, "findings" | "evidence">>(
  reading: Reading,
  decided: DecidedAnswer,
  evidenceAsRead: EvidenceAnswer | null = null,
): Reading & DecidedAnswer {
  const findings = reading.findings.map((finding) => {
    const own = decided.verdicts.find(({ finding: code }) => code === finding.code);
    if (!own) return finding;
    const { decision, operating_point, prediction_set } = own;
    return { ...finding, decision, operating_point, prediction_set };
  });
  return { ...reading, ...decided, findings, evidence: evidenceFor(evidenceAsRead, decided.verdicts) };
}

/** A reading with other decisions, one for each model that read; all that was measured stays. */
export function withDecisions(
  { answer, readAt, asRead = answer }: Answered,
  decided: readonly DecidedAnswer[],
): Answered {
  const [main] = decided;
  const readings = answer.readings.map((reading, index) => {
    const own = decided[index];
    return own ? decidedAnew(reading, own, asRead.readings[index]?.evidence) : reading;
  });
  return {
    answer: { ...(main ? decidedAnew(answer, main, asRead.evidence) : answer), readings },
    readAt,
    asRead,
  };
}
