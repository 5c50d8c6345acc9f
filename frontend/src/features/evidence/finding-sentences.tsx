import { UnstyledButton } from "@mantine/core";

import type { FindingEvidence, RegionCode, Verdict } from "@/lib/api/types";
import { unbroken } from "@/lib/format/figures";
import { say } from "@/lib/words/catalogue";

import { useEvidenceFocus } from "./evidence-focus";
import { namedRegions, regionLabel } from "./evidence-words";
import styles from "./finding-sentences.module.css";

interface FindingSentencesProps {
  readonly entryId: string;
  /** Address of the model. */
  readonly model: string;
  readonly verdict: Verdict;
  /** Null where none is shown. */
  readonly evidence: FindingEvidence | null;
}

/** A finding in a sentence for clinicians and one for patients, with links to the regions that they name. */
export function FindingSentences({ entryId, model, verdict, evidence }: FindingSentencesProps) {
  const { patient_sentence: forPatients } = verdict;
  const named = evidence ? namedRegions(evidence) : [];
  const isPlaced = evidence !== null && evidence.patient_sentence !== null;
  return (
    <dl className={styles.sentences}>
      {evidence && (
        <>
          <dt>{say("on_page", "for_clinicians")}</dt>
          <dd>
            {unbroken(evidence.sentence)}{" "}
            <RegionLinks entryId={entryId} model={model} evidence={evidence} regions={named} />
          </dd>
        </>
      )}
      <dt>{say("on_page", "for_patients")}</dt>
      <dd>
        {forPatients} {evidence?.patient_sentence}{" "}
        {isPlaced && (
          <RegionLinks entryId={entryId} model={model} evidence={evidence} regions={named.slice(0, 1)} />
        )}
      </dd>
    </dl>
  );
}

interface RegionLinksProps {
  readonly entryId: string;
  readonly model: string;
  readonly evidence: FindingEvidence;
  readonly regions: readonly RegionCode[];
}

/** Buttons that mark a region on the film. */
function RegionLinks({ entryId, model, evidence: { finding }, regions }: RegionLinksProps) {
  const { focusOf, setFocus } = useEvidenceFocus();
  const focus = focusOf(entryId);
  const isInFocus = focus.model === model && focus.finding === finding;
  return regions.map((region) => {
    const isMarked = isInFocus && focus.region === region;
    return (
      <UnstyledButton
        key={region}
        className={styles.region ?? ""}
        aria-pressed={isMarked}
        onClick={() => {
          setFocus(entryId, { model, finding, region: isMarked ? null : region });
        }}
      >
        {regionLabel(region)}
      </UnstyledButton>
    );
  });
}
