/** The rules that turn a reading's figures into plain sentences. */
import { plainPercent, wholePercent } from "@/lib/format/figures";
import type { Decision, FindingAnswer, PointAnswer, ReadingAnswer, Suitability } from "@/lib/api/types";

/** From this share of one kind on, pneumonia is called "more like" it. */
const LEANING_SHARE = 0.6;

export const decisionWords: Record<Decision, string> = {
  positive: "Potentially pneumonia",
  negative: "Normal",
  uncertain: "Uncertain",
};

/** What the model decides between: its prediction set holds one, both or neither of them. */
export const SET_LABELS = ["normal", "pneumonia"] as const;

/** Probability of a finding that the model's own figures bear out. */
function assessedProbabilityOf(findings: readonly FindingAnswer[], code: string): number | null {
  return probabilityOf(
    findings.filter(({ assessed }) => assessed),
    code,
  );
}

function probabilityOf(findings: readonly FindingAnswer[], code: string): number | null {
  return findings.find((finding) => finding.code === code)?.probability ?? null;
}

/** ", more like bacterial than viral", where the model can tell. */
function leaning(findings: readonly FindingAnswer[]): string {
  const bacterial = assessedProbabilityOf(findings, "bacterial_pneumonia");
  const viral = assessedProbabilityOf(findings, "viral_pneumonia");
  if (bacterial === null || viral === null || bacterial + viral === 0) return "";
  const bacterialShare = bacterial / (bacterial + viral);
  if (bacterialShare >= LEANING_SHARE) return ", more like bacterial than viral";
  if (bacterialShare <= 1 - LEANING_SHARE) return ", more like viral than bacterial";
  return ", bacterial and viral about equally likely";
}

/** Whether the operating point decides one way while the prediction set leaves only the other. */
export function isAgainstItsSet({
  decision,
  prediction_set: set,
}: Pick<ReadingAnswer, "decision" | "prediction_set">): boolean {
  if (set?.length !== 1 || decision === "uncertain") return false;
  return set.includes("normal") !== (decision === "negative");
}

/** The decision in two or three words, and how far it carries. */
export function decisionLabel(reading: Pick<ReadingAnswer, "decision" | "prediction_set">): string {
  const words = decisionWords[reading.decision];
  return isAgainstItsSet(reading) ? `${words}, by the operating point alone` : words;
}

/** What the model says of a radiograph, in one sentence. */
export function readingSentence(
  reading: Pick<ReadingAnswer, "decision" | "findings" | "prediction_set">,
): string {
  const { decision, findings } = reading;
  const pneumonia = probabilityOf(findings, "pneumonia");
  const percent = pneumonia === null ? null : wholePercent(pneumonia);
  if (isAgainstItsSet(reading)) {
    return decision === "negative"
      ? `The model leans to pneumonia${percent ? ` (${percent})` : ""}, yet stays below the operating point.`
      : `The model leans to normal${percent ? ` (pneumonia ${percent})` : ""}, yet is above the operating point.`;
  }
  switch (decision) {
    case "positive":
      return `The model finds signs of pneumonia${percent ? ` (${percent})` : ""}${leaning(findings)}.`;
    case "negative":
      return `The model finds no signs of pneumonia${percent ? ` (pneumonia ${percent})` : ""}.`;
    case "uncertain":
      return `The model cannot tell${percent ? ` (pneumonia ${percent})` : ""}: take it as no reading either way.`;
  }
}

type Decided = Pick<ReadingAnswer, "decision" | "prediction_set" | "coverage" | "operating_point">;

/** Why the model decided so, or why it did not, in one sentence. */
export function meaningSentence(reading: Decided): string {
  const { decision, prediction_set: set, coverage, operating_point: point } = reading;
  const threshold = plainPercent(point.threshold);
  if (coverage === null || set === null) {
    return decision === "uncertain" ? "The model does not decide here." : pointMeaning(decision, threshold);
  }
  const atCoverage = `At its stated coverage of ${plainPercent(coverage)}`;
  if (set.length === 0) {
    const share = plainPercent(coverage);
    return `It finds the picture less normal than ${share} of normal ones, and less like pneumonia than ${share} of those with pneumonia.`;
  }
  if (set.length > 1) return `${atCoverage}, both normal and pneumonia remain possible.`;
  const left = set.includes("normal") ? "normal" : "pneumonia";
  const ruledOut = left === "normal" ? "pneumonia" : "normal";
  const only = `${atCoverage}, only ${left} remains possible`;
  if (decision === "uncertain") return `${only}, but that is not enough for the model to decide.`;
  if (isAgainstItsSet(reading)) {
    return `${only}; yet at the operating point of ${threshold} it counts as ${decision}.`;
  }
  const affected = ruledOut === "normal" ? "normal radiographs" : "radiographs with pneumonia";
  return `${only}; it wrongly rules ${ruledOut} out on about ${plainPercent(1 - coverage)} of ${affected}.`;
}

function pointMeaning(decision: "positive" | "negative", threshold: string): string {
  return decision === "positive"
    ? `Pneumonia's probability is at or above the operating point of ${threshold}.`
    : `Pneumonia's probability is below the operating point of ${threshold}.`;
}

/** What an operating point is worth, in one sentence; null where that was not measured. */
export function pointSentence({ sensitivity, specificity }: PointAnswer): string | null {
  if (sensitivity === null || specificity === null) return null;
  return `On validation patients, it finds ${wholePercent(sensitivity)} of those with pneumonia and clears ${wholePercent(specificity)} of those without.`;
}

/** The mark of a reading that was asked for although the picture is not suitable. */
export function forcedMark(suitability: Suitability | null): string | null {
  if (!suitability?.forced || suitability.suitable) return null;
  const words = suitability.reasons.map((reason) => reason.words).join(" ");
  return `Read on request although: ${words || "the picture is not suitable."}`;
}
