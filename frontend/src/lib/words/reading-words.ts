/** The rules that turn a reading's figures into plain sentences. */
import { plainPercent, wholePercent } from "@/lib/format/figures";
import type {
  Decision,
  FindingAnswer,
  OperatingPointAnswer,
  ReadingAnswer,
  Suitability,
} from "@/lib/api/types";

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

/** What the model says of a radiograph, in one sentence. */
export function readingSentence({
  decision,
  findings,
}: Pick<ReadingAnswer, "decision" | "findings">): string {
  const pneumonia = probabilityOf(findings, "pneumonia");
  const percent = pneumonia === null ? null : wholePercent(pneumonia);
  switch (decision) {
    case "positive":
      return `The model finds signs of pneumonia${percent ? ` (${percent})` : ""}${leaning(findings)}.`;
    case "negative":
      return `The model finds no signs of pneumonia${percent ? ` (pneumonia ${percent})` : ""}.`;
    case "uncertain":
      return `The model cannot tell${percent ? ` (pneumonia ${percent})` : ""}: take it as no reading either way.`;
  }
}

type Decided = Pick<
  ReadingAnswer,
  "decision" | "prediction_set" | "coverage" | "operating_point" | "uncertain_between"
>;

/** Why the model decided so, or why it did not, in one sentence. */
export function meaningSentence(reading: Decided): string {
  const { decision, prediction_set: set, coverage, operating_point: point } = reading;
  if (coverage === null || set === null) {
    return decision === "uncertain" ? uncertainMeaning(reading) : operatingPointMeaning(decision, point);
  }
  const atCoverage = `At its stated coverage of ${plainPercent(coverage)}`;
  if (set.length === 0) {
    const share = plainPercent(coverage);
    return `It finds the picture less normal than ${share} of normal ones, and less like pneumonia than ${share} of those with pneumonia.`;
  }
  if (set.length > 1) return `${atCoverage}, both normal and pneumonia remain possible.`;
  const left = set.includes("normal") ? "normal" : "pneumonia";
  const only = `${atCoverage}, only ${left} remains possible`;
  if (decision === "uncertain") return `${only}. ${uncertainMeaning(reading)}`;
  const ruledOut = left === "normal" ? "pneumonia" : "normal";
  const affected = ruledOut === "normal" ? "normal radiographs" : "radiographs with pneumonia";
  return `${only}; it wrongly rules ${ruledOut} out on about ${plainPercent(1 - coverage)} of ${affected}.`;
}

/** Why there is no decision although the set of labels does not speak against one. */
function uncertainMeaning({ uncertain_between: zone, operating_point: point }: Decided): string {
  if (!zone) return "The model does not decide here.";
  const [low, high] = zone.map(plainPercent);
  return `From ${low} to ${high}, the model does not decide at the operating point of ${plainPercent(point.threshold)}.`;
}

function operatingPointMeaning(decision: "positive" | "negative", point: OperatingPointAnswer): string {
  const threshold = plainPercent(point.threshold);
  return decision === "positive"
    ? `Pneumonia's probability is at or above the operating point of ${threshold}.`
    : `Pneumonia's probability is below the operating point of ${threshold}.`;
}

/** What an operating point is worth, in one sentence; null where that was not measured. */
export function operatingPointSentence({ sensitivity, specificity }: OperatingPointAnswer): string | null {
  if (sensitivity === null || specificity === null) return null;
  return `On validation patients, it finds ${wholePercent(sensitivity)} of those with pneumonia and clears ${wholePercent(specificity)} of those without.`;
}

/** The mark of a reading that was asked for although the picture is not suitable. */
export function forcedMark(suitability: Suitability | null): string | null {
  if (!suitability?.forced || suitability.suitable) return null;
  const words = suitability.reasons.map((reason) => reason.words).join(" ");
  return `Read on request although: ${words || "the picture is not suitable."}`;
}
