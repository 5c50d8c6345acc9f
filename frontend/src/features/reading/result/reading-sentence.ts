/** The rules that turn a reading's figures into one plain sentence. */
import { wholePercent } from "@/lib/format/figures";
import type { Decision, FindingAnswer, ReadingAnswer } from "@/lib/api/types";

/** From this share of one kind on, pneumonia is called "more like" it. */
const LEANING_SHARE = 0.6;

export const decisionWords: Record<Decision, string> = {
  positive: "Potentially pneumonia",
  negative: "Normal",
  uncertain: "Uncertain",
};

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
      return `The model is not sure${percent ? ` (pneumonia ${percent})` : ""}: take it as no reading either way.`;
  }
}
