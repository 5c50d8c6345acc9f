import type { DecidedAnswer, EvidenceAnswer, ReadingAnswer, Verdict } from "@/lib/api/types";
import { mainVerdict } from "@/lib/words/reading-words";

import type { Answered } from "./entry";

const HIDDEN = "No evidence is shown: the decision is negative at this operating point.";

/** The evidence to show with a decision: what was found when the film was read, or why none is shown. */
function evidenceFor(
  asRead: ReadingAnswer,
  { code, shows_evidence: isShown, evidence_caution: caution }: Verdict,
): EvidenceAnswer | null {
  const evidence = asRead.evidence ?? null;
  if (!evidence) return evidence;
  if (isShown) {
    const lasting = evidence.warnings.filter((warning) => warning.code !== "uncertain");
    // Why a reading is not reliable is among the warnings that last.
    const isUncertain = code === "uncertain" && caution !== null;
    const added = isUncertain ? [{ code, message: caution }] : [];
    return { ...evidence, warnings: [...lasting, ...added] };
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
  const verdict = mainVerdict(decided);
  const findings = answer.findings.map((finding) => {
    const own = decided.verdicts.find(({ finding: code }) => code === finding.code);
    return own ? { ...finding, operating_point: own.operating_point } : finding;
  });
  return {
    answer: { ...answer, ...decided, findings, evidence: evidenceFor(asRead, verdict) },
    readAt,
    asRead,
  };
}
