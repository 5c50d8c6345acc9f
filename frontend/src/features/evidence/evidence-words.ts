/** The rules that turn a reading's evidence into words. */
import type { FindingEvidence, ReadingAnswer, RegionCode } from "@/lib/api/types";
import { wholePercent } from "@/lib/format/figures";
import { capitalised } from "@/lib/words/catalogue";

import type { EvidenceInFocus } from "./evidence-focus";

const labels: Record<RegionCode, string> = {
  right_upper_zone: "right upper zone",
  right_middle_zone: "right middle zone",
  right_lower_zone: "right lower zone",
  left_upper_zone: "left upper zone",
  left_middle_zone: "left middle zone",
  left_lower_zone: "left lower zone",
  heart: "over the heart's shadow",
  outside_lungs_and_heart: "outside lungs and heart",
  both_upper_zones: "upper zones",
  both_middle_zones: "middle zones",
  both_lower_zones: "lower zones",
};

export function regionLabel(region: RegionCode): string {
  return capitalised(labels[region]);
}

/** "Evidence for pleural effusion"; with the model's name where several read the film. */
export function evidenceTitle(film: ReadingAnswer | null, { answer, finding }: EvidenceInFocus): string {
  const title = `Evidence for ${finding.label.toLowerCase()}`;
  return film && film.readings.length > 1 ? `${title}, by ${answer.model.name}` : title;
}

/** Share of a finding's evidence in a region. */
export function shareIn(finding: FindingEvidence, region: RegionCode): number {
  return finding.regions.find((each) => each.region === region)?.share ?? 0;
}

/** "Right lower zone 62 %", to stand on the film. */
export function regionMark(finding: FindingEvidence, region: RegionCode): string {
  const share = shareIn(finding, region);
  return share === 0 ? regionLabel(region) : `${regionLabel(region)} ${wholePercent(share)}`;
}

/** "Right lower zone: 62 % of the evidence for pleural effusion, where it is strongest." */
export function regionSentence(finding: FindingEvidence, region: RegionCode): string {
  const share = shareIn(finding, region);
  const [name, of] = [regionLabel(region), finding.label.toLowerCase()];
  if (share === 0) return `${name}: none of the evidence for ${of}.`;
  const strongest = finding.peak?.region === region ? ", where it is strongest" : "";
  return `${name}: ${wholePercent(share)} of the evidence for ${of}${strongest}.`;
}

/** What of the evidence lies in the chest; null where no lungs were found to tell. */
export function chestSentence({ share_in_chest: share }: FindingEvidence): string | null {
  if (share === null) return null;
  return `${wholePercent(share)} of it lies within lungs and heart.`;
}

/** Why there is no evidence to be seen; null where there is. */
export function whyNone(answer: ReadingAnswer): string | null {
  const { evidence } = answer;
  if (!evidence) return "This server tells no evidence: it is older than this page.";
  if (evidence.is_shown) return null;
  if (canBeFound(answer))
    return "No evidence was looked for: when the film was read, it was below the operating point.";
  return evidence.message ?? "No evidence is shown for this reading.";
}

/** Whether evidence is missing only since another operating point held when the film was read. */
export function canBeFound({ evidence, verdicts }: ReadingAnswer): boolean {
  if (!evidence || (evidence.reason !== null && evidence.reason !== "below_operating_point")) return false;
  const found = new Set(evidence.findings.map(({ task }) => task));
  return verdicts.some(({ finding, shows_evidence: isShown }) => isShown && !found.has(finding));
}
