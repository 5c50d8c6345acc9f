/** The rules that turn a reading's evidence into words. */
import { shownName } from "@/lib/api/model-readings";
import type { FindingEvidence, ReadingAnswer, RegionCode } from "@/lib/api/types";
import { wholePercent } from "@/lib/format/figures";
import { capitalised, findingWords, regionWords, say } from "@/lib/words/catalogue";

import type { EvidenceInFocus } from "./evidence-focus";

const MOST_NAMED = 3;
const LEAST_SHARE = 0.1;

export function regionLabel(region: RegionCode): string {
  return capitalised(regionWords(region));
}

/** "Evidence for pleural effusion"; with the model's name where several read the film. */
export function evidenceTitle(film: ReadingAnswer | null, { answer, finding }: EvidenceInFocus): string {
  const words = { finding: findingWords(finding.finding) };
  return film && film.readings.length > 1
    ? say("on_page", "evidence_of_model", { ...words, model: shownName(film, answer.model) })
    : say("on_page", "evidence", words);
}

/** Share of a finding's evidence in a region. */
export function shareIn(finding: FindingEvidence, region: RegionCode): number {
  return finding.regions.find((each) => each.region === region)?.share ?? 0;
}

/** Regions that a sentence names, as the server chooses them: at most three, each worth naming. */
export function namedRegions({ regions }: FindingEvidence): RegionCode[] {
  return regions
    .slice(0, MOST_NAMED)
    .filter(({ share }, number) => number === 0 || share >= LEAST_SHARE)
    .map(({ region }) => region);
}

/** "Right lower zone 62 %", to stand on the film. */
export function regionMark(finding: FindingEvidence, region: RegionCode): string {
  const share = shareIn(finding, region);
  return share === 0
    ? regionLabel(region)
    : say("on_page", "evidence_mark", { region: regionLabel(region), share: wholePercent(share) });
}

/** "Right lower zone: 62 % of the evidence for pleural effusion, where it is strongest." */
export function regionSentence(finding: FindingEvidence, region: RegionCode): string {
  const share = shareIn(finding, region);
  const words = { region: regionLabel(region), finding: findingWords(finding.finding) };
  if (share === 0) return say("on_page", "evidence_not_in", words);
  const entry = finding.peak?.region === region ? "evidence_in_strongest" : "evidence_in";
  return say("on_page", entry, { ...words, share: wholePercent(share) });
}

/** What of the evidence lies in the chest; null where no lungs were found to tell. */
export function chestSentence({ share_in_chest: share }: FindingEvidence): string | null {
  if (share === null) return null;
  return say("on_page", "evidence_in_chest", { share: wholePercent(share) });
}

/** Why there is no evidence to be seen; null where there is. */
export function whyNone(answer: ReadingAnswer): string | null {
  const { evidence } = answer;
  if (!evidence) return say("on_page", "no_evidence_sent");
  if (evidence.is_shown) return null;
  if (canBeFound(answer)) return say("on_page", "no_evidence_sought");
  return evidence.message ?? say("on_page", "no_evidence");
}

/** Whether evidence is missing only since another operating point held when the film was read. */
export function canBeFound({ evidence, verdicts }: ReadingAnswer): boolean {
  if (!evidence || (evidence.reason !== null && evidence.reason !== "below_operating_point")) return false;
  const found = new Set(evidence.findings.map(({ task }) => task));
  return verdicts.some(({ finding, shows_evidence: isShown }) => isShown && !found.has(finding));
}
