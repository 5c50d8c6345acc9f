import { Button, UnstyledButton } from "@mantine/core";

import { Icon } from "@/components/icon";
import type { EvidenceAnswer, FindingEvidence, ReadingAnswer } from "@/lib/api/types";
import { unbroken, wholePercent } from "@/lib/format/figures";

import { findingInFocus, useEvidenceFocus } from "./evidence-focus";
import styles from "./evidence-section.module.css";
import { canBeFound, chestSentence, regionLabel, regionSentence, whyNone } from "./evidence-words";
import { useShowEvidence } from "./use-show-evidence";

interface EvidenceSectionProps {
  readonly entryId: string;
  readonly answer: ReadingAnswer;
  /** Has the film read again, with its evidence. */
  readonly onReadAgain: () => void;
}

/** Where on the film the reading's support lies, in words to choose from; or why there is none. */
export function EvidenceSection({ entryId, answer, onReadAgain }: EvidenceSectionProps) {
  const { evidence } = answer;
  const { focusOf } = useEvidenceFocus();
  const none = whyNone(answer);
  const finding = findingInFocus(answer, focusOf(entryId));
  return (
    <section className={styles.section} aria-labelledby="evidence">
      <h3 id="evidence" className={styles.title}>
        Evidence
      </h3>
      {evidence && <Cautions evidence={evidence} />}
      {none !== null && <p className={styles.none}>{none}</p>}
      {canBeFound(answer) && (
        <div>
          <Button size="xs" variant="default" onClick={onReadAgain}>
            Read again with evidence
          </Button>
        </div>
      )}
      {evidence?.is_shown && finding && (
        <>
          {evidence.findings.length > 1 && (
            <Findings entryId={entryId} evidence={evidence} chosen={finding} />
          )}
          <p className={styles.sentence}>
            {unbroken(finding.sentence)} {chestSentence(finding)}
          </p>
          <Regions entryId={entryId} finding={finding} />
          <p className={styles.quiet}>
            Which parts of the image the probability rests on: not an outline of disease, and no proof of it.
            {!finding.is_assessed && " The model&apos;s figures for this finding are too weak to rely on."}
          </p>
        </>
      )}
    </section>
  );
}

function Cautions({ evidence }: { readonly evidence: EvidenceAnswer }) {
  if (evidence.warnings.length === 0) return null;
  return (
    <ul className={styles.warnings} aria-label="Warnings on the evidence">
      {evidence.warnings.map(({ code, message }) => (
        <li key={code}>
          <Icon name="alert" />
          <span>{message}</span>
        </li>
      ))}
    </ul>
  );
}

interface FindingsProps {
  readonly entryId: string;
  readonly evidence: EvidenceAnswer;
  readonly chosen: FindingEvidence;
}

/** The findings that evidence is told for; the one that is chosen lies on the film. */
function Findings({ entryId, evidence, chosen }: FindingsProps) {
  const showEvidence = useShowEvidence(entryId);
  return (
    <div className={styles.findings} role="group" aria-label="Evidence for">
      {evidence.findings.map(({ finding, label, is_assessed: isAssessed }) => (
        <UnstyledButton
          key={finding}
          className={styles.finding ?? ""}
          aria-pressed={finding === chosen.finding}
          data-assessed={isAssessed}
          onClick={() => {
            showEvidence(finding);
          }}
        >
          {label}
        </UnstyledButton>
      ))}
    </div>
  );
}

interface RegionsProps {
  readonly entryId: string;
  readonly finding: FindingEvidence;
}

/** The regions that hold evidence, the strongest first; the one that is chosen is marked on the film. */
function Regions({ entryId, finding }: RegionsProps) {
  const { focusOf, setFocus } = useEvidenceFocus();
  const { region: chosen } = focusOf(entryId);
  const isElsewhere = chosen !== null && !finding.regions.some(({ region }) => region === chosen);
  return (
    <>
      {finding.regions.length > 0 && (
        <ul className={styles.regions} aria-label="Regions">
          {finding.regions.map(({ region, share }) => (
            <li key={region}>
              <UnstyledButton
                className={styles.region ?? ""}
                aria-pressed={region === chosen}
                data-region={region}
                onClick={() => {
                  setFocus(entryId, { region: region === chosen ? null : region });
                }}
              >
                <span>{regionLabel(region)}</span>
                <span className={styles.share}>{wholePercent(share)}</span>
                <span className={styles.track} aria-hidden>
                  <span style={{ width: `${100 * share}%` }} />
                </span>
              </UnstyledButton>
            </li>
          ))}
        </ul>
      )}
      <p className={styles.told} role="status" data-alone={isElsewhere || undefined}>
        {chosen === null ? "" : regionSentence(finding, chosen)}
      </p>
    </>
  );
}
