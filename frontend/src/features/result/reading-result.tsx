import { Anchor, Button } from "@mantine/core";
import { Link } from "wouter";

import { DecisionMark } from "@/components/decision-mark";
import { Icon } from "@/components/icon";
import { EvidenceSection } from "@/features/evidence";
import type { Answered, Entry } from "@/features/session";
import { saveText } from "@/lib/download/save-file";
import { modelPath } from "@/lib/paths";
import { decisionWords, meaningSentence, readingSentence } from "@/lib/words/reading-words";

import { HeartAndLungs } from "./anatomy/heart-and-lungs";
import { ForcedNotice } from "./forced-notice";
import { OperatingPoint } from "./operating-point/operating-point";
import { PictureNotes } from "./picture-notes";
import { PopulationNote } from "./population-note";
import { PredictionSet } from "./prediction-set";
import { ProbabilityBars } from "./probability-bars";
import { ReadingDetails } from "./reading-details";
import { readingFileName, readingJson } from "./reading-json";
import { ReportDownload } from "./report/report-download";
import styles from "./result.module.css";

interface ReadingResultProps {
  readonly entry: Entry;
  readonly answered: Answered;
  /** Whether this is the reading before the one that is on its way. */
  readonly isEarlier: boolean;
}

export function ReadingResult({ entry, answered: { answer, readAt }, isEarlier }: ReadingResultProps) {
  const { id, file } = entry;
  const { decision, findings, model, suitability, operating_point: point } = answer;
  return (
    <div className={styles.stack}>
      <ForcedNotice suitability={suitability} />
      <div>
        <p className={styles.decision} data-decision={decision}>
          <DecisionMark decision={decision} sizePx={15} />
          {decisionWords[decision]}
        </p>
        <h2 className={styles.sentence}>{readingSentence(answer)}</h2>
        <p className={styles.meaning}>{meaningSentence(answer)}</p>
        <PredictionSet reading={answer} />
      </div>
      <PictureNotes answer={answer} />
      <PopulationNote answer={answer} />
      <EvidenceSection entryId={id} answer={answer} />
      <ProbabilityBars findings={findings} uncertainBetween={answer.uncertain_between} />
      <OperatingPoint point={point} isAsking={isEarlier} />
      {answer.anatomy && <HeartAndLungs anatomy={answer.anatomy} />}
      <ReportDownload entry={entry} />
      <div className={styles.actions}>
        <Button
          size="xs"
          variant="default"
          leftSection={<Icon name="download" sizePx={14} />}
          onClick={() => {
            saveText(readingFileName(file.name), "application/json", readingJson(file.name, readAt, answer));
          }}
        >
          Download as JSON
        </Button>
        <Anchor component={Link} href={modelPath(model.name)} underline="always" className={styles.about}>
          How good this model is
        </Anchor>
      </div>
      <ReadingDetails answer={answer} readAt={readAt} />
    </div>
  );
}
