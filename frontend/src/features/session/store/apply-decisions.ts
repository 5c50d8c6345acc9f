import type { DecidedAnswer, EvidenceAnswer, ReadingAnswer, Verdict } from "@/lib/api/types";

import type { Answered } from "./entry";

const HIDDEN = "No evidence is shown: the decision is negative at this operating point.";

/** The evidence to show with a decision: what was found when the film was read, or why none is shown. */
function evidenceFor(asRead: ReadingAnswer, verdicts: readonly Verdict[]): EvidenceAnswer | null {
  const evidence = asRead.evidence ?? null;
  if (!evidence) return evidence;
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
    message: HIDDEN,
    warnings: [],
    findings: [],
  };
}

/** A reading with other decisions: its probabilities and all that was measured stay. */
export function withDecisions(
  { answer, readAt, asRead = answer }: Answered,
  decided: DecidedAnswer,
): Answered {
  const findings = answer.findings.map((finding) => {
    const own = decided.verdicts.find(({ finding: code }) => code === finding.code);
    if (!own) return finding;
    const { decision, operating_point, prediction_set } = own;
    return { ...finding, decision, operating_point, prediction_set };
  });
  return {
    answer: { ...answer, ...decided, findings, evidence: evidenceFor(asRead, decided.verdicts) },
    readAt,
    asRead,
  };
}
