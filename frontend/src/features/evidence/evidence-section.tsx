import { Button, UnstyledButton } from "@mantine/core";
import { useId } from "react";

import { Icon } from "@/components/icon";
import { modelAddress, shownName } from "@/lib/api/model-readings";
import type { EvidenceAnswer, FindingEvidence, ReadingAnswer } from "@/lib/api/types";
import { unbroken, wholePercent } from "@/lib/format/figures";
import { say } from "@/lib/words/catalogue";

import { evidenceInFocus, useEvidenceFocus } from "./evidence-focus";
import styles from "./evidence-section.module.css";
import { canBeFound, chestSentence, regionLabel, regionSentence, whyNone } from "./evidence-words";
import { useShowEvidence } from "./use-show-evidence";

/** Findings that are not assessed, which are listed; more of them are not. */
const MOST_WEAK = 4;

interface EvidenceSectionProps {
  readonly entryId: string;
  /** What one model answered. */
  readonly answer: ReadingAnswer;
  /** What all that read the film answered. */
  readonly film: ReadingAnswer;
  /** Has the film read again, with its evidence. */
  readonly onReadAgain: () => void;
}

/** Where on the film the reading's support lies, in words to choose from; or why there is none. */
export function EvidenceSection({ entryId, answer, film, onReadAgain }: EvidenceSectionProps) {
  const { evidence } = answer;
  const { focusOf } = useEvidenceFocus();
  const none = whyNone(answer);
  const id = useId();
  const hasSeveralModels = film.readings.length > 1;
  const inFocus = evidenceInFocus(film, focusOf(entryId));
  const model = modelAddress(answer.model);
  const isInFocus = inFocus !== null && modelAddress(inFocus.answer.model) === model;
  const finding = (isInFocus ? inFocus.finding : evidence?.findings[0]) ?? null;
  const shown = { entryId, model, isInFocus };
  return (
    <section className={styles.section} aria-labelledby={id}>
      <h3 id={id} className={styles.title}>
        Evidence
        {hasSeveralModels && <span className={styles.model}> by {shownName(film, answer.model)}</span>}
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
          {(hasSeveralModels || evidence.findings.length > 1) && (
            <Findings {...shown} finding={finding} evidence={evidence} />
          )}
          <p className={styles.sentence}>
            {unbroken(finding.sentence)} {chestSentence(finding)}
          </p>
          <Regions {...shown} finding={finding} />
          <p className={styles.quiet}>
            {say("on_page", "evidence_meaning")}
            {!finding.is_assessed && ` ${say("on_page", "evidence_weak")}`}
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

interface ShownProps {
  readonly entryId: string;
  readonly model: string;
  /** The finding whose evidence is told. */
  readonly finding: FindingEvidence;
  /** Whether it is the one that can lie on the film. */
  readonly isInFocus: boolean;
}

interface FindingsProps extends ShownProps {
  readonly evidence: EvidenceAnswer;
}

/**
 * The findings that evidence is told for; the one that is chosen lies on the film. Many that are not assessed are
 * left to the table of findings.
 */
function Findings({ entryId, model, finding: chosen, isInFocus, evidence }: FindingsProps) {
  const showEvidence = useShowEvidence(entryId, model);
  const isFolded = evidence.findings.filter((each) => !each.is_assessed).length > MOST_WEAK;
  const listed = evidence.findings.filter(
    (each) => !isFolded || each.is_assessed || each.finding === chosen.finding,
  );
  return (
    <div className={styles.findings} role="group" aria-label="Evidence for">
      {listed.map(({ finding, label, is_assessed: isAssessed }) => (
        <UnstyledButton
          key={finding}
          className={styles.finding ?? ""}
          aria-pressed={isInFocus && finding === chosen.finding}
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

/** The regions that hold evidence, the strongest first; the one that is chosen is marked on the film. */
function Regions({ entryId, model, finding, isInFocus }: ShownProps) {
  const { focusOf, setFocus } = useEvidenceFocus();
  const chosen = isInFocus ? focusOf(entryId).region : null;
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
                  setFocus(entryId, {
                    model,
                    finding: finding.finding,
                    region: region === chosen ? null : region,
                  });
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
