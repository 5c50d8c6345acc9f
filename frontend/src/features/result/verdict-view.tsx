import { Icon } from "@/components/icon";
import { VerdictMark } from "@/components/verdict-mark";
import type { Verdict } from "@/lib/api/types";

import { PredictionSet } from "./prediction-set";
import styles from "./result.module.css";

interface VerdictViewProps {
  /** Of the reading: of all findings that are present. */
  readonly headline: string;
  /** The one that the headline begins with. */
  readonly verdict: Verdict;
}

/** Headline of a reading, why its leading verdict is that one, and what speaks against it. */
export function VerdictView({ headline, verdict }: VerdictViewProps) {
  const { code } = verdict;
  return (
    <div>
      <h2 className={styles.headline} data-verdict={code}>
        <VerdictMark code={code} sizePx={17} />
        {headline}
      </h2>
      <VerdictReasons verdict={verdict} />
    </div>
  );
}

/** Why a verdict is that one, and what speaks against it. */
export function VerdictReasons({ verdict }: { readonly verdict: Verdict }) {
  const { reliable, sentence, leaning, cautions, coverage_words: measured } = verdict;
  const namesCoverage = verdict.prediction_set_shown || cautions.length > 0;
  return (
    <>
      <p className={styles.meaning} data-muted={!reliable || undefined}>
        {sentence} {leaning}
      </p>
      {cautions.map(({ code: caution, words }) => (
        <p key={caution} className={styles.caution} role="note">
          <Icon name="alert" />
          <span>{words}</span>
        </p>
      ))}
      <PredictionSet verdict={verdict} />
      {namesCoverage && measured !== null && <p className={styles.measured}>{measured}</p>}
    </>
  );
}
