import { Anchor, Button } from "@mantine/core";
import { Link } from "wouter";

import { Icon } from "@/components/icon";
import { EvidenceSection } from "@/features/evidence";
import { type Answered, type Entry, useSession } from "@/features/session";
import { saveText } from "@/lib/download/save-file";
import { modelPath } from "@/lib/paths";
import { problemWords } from "@/lib/words/problem-words";
import { mainVerdict } from "@/lib/words/reading-words";

import { HeartAndLungs } from "./anatomy/heart-and-lungs";
import { ForcedNotice } from "./forced-notice";
import { OperatingPoint } from "./operating-point/operating-point";
import { PictureNotes } from "./picture-notes";
import { PopulationNote } from "./population-note";
import { ProbabilityBars } from "./probability-bars";
import { ReadingDetails } from "./reading-details";
import { readingFileName, readingJson } from "./reading-json";
import { ReportDownload } from "./report/report-download";
import styles from "./result.module.css";
import { VerdictView } from "./verdict-view";

interface ReadingResultProps {
  readonly entry: Entry;
  readonly answered: Answered;
}

export function ReadingResult({ entry, answered: { answer, readAt, problem } }: ReadingResultProps) {
  const session = useSession();
  const { id, file } = entry;
  const { findings, model, suitability, operating_point: point } = answer;
  const verdict = mainVerdict(answer);
  return (
    <div className={styles.stack}>
      {problem !== undefined && (
        <p className={styles.caution} role="alert">
          <Icon name="alert" />
          <span>
            This film could not be read again: {problemWords(problem).title}. The earlier reading stands.
          </span>
        </p>
      )}
      <ForcedNotice suitability={suitability} />
      <VerdictView verdict={verdict} />
      <PictureNotes answer={answer} />
      <PopulationNote answer={answer} />
      <EvidenceSection
        entryId={id}
        answer={answer}
        onReadAgain={() => {
          session.retry(id);
        }}
      />
      <div className={verdict.reliable ? undefined : styles.muted}>
        <ProbabilityBars findings={findings} uncertainBetween={answer.uncertain_between} />
      </div>
      <OperatingPoint point={point} ratesWords={verdict.rates_words} />
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
