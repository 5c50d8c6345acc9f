import { Anchor, Button } from "@mantine/core";
import { Link } from "wouter";

import { Icon } from "@/components/icon";
import type { Answered, Entry } from "@/features/session";
import { answersByModel, modelAddress, modelAddresses, shownName } from "@/lib/api/model-readings";
import { saveText } from "@/lib/download/save-file";
import { modelPath } from "@/lib/paths";
import { problemWords } from "@/lib/words/problem-words";
import { mainVerdict } from "@/lib/words/reading-words";

import { HeartAndLungs } from "./anatomy/heart-and-lungs";
import { ChosenModels } from "./chosen-models";
import { ForcedNotice } from "./forced-notice";
import { FurtherReading, ModelTitle } from "./further-reading";
import { ModelReading } from "./model-reading";
import { OperatingPoint } from "./operating-point/operating-point";
import { PictureNotes } from "./picture-notes";
import { ReadingDetails } from "./reading-details";
import { readingFileName, readingJson } from "./reading-json";
import { ReportDownload } from "./report/report-download";
import styles from "./result.module.css";

interface ReadingResultProps {
  readonly entry: Entry;
  readonly answered: Answered;
}

export function ReadingResult({ entry, answered: { answer, readAt, problem } }: ReadingResultProps) {
  const { id, file } = entry;
  const { model, suitability, operating_point: point } = answer;
  const verdict = mainVerdict(answer);
  const [, ...further] = answersByModel(answer);
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
      {further.length > 0 && <ModelTitle answer={answer} />}
      <ModelReading entryId={id} answer={answer} film={answer}>
        <PictureNotes answer={answer} />
      </ModelReading>
      {further.map((each) => (
        <FurtherReading key={modelAddress(each.model)} entryId={id} answer={each} film={answer} />
      ))}
      <OperatingPoint
        point={point}
        finding={answer.verdicts.length > 1 || further.length > 0 ? verdict.finding : null}
        hasSeveralModels={further.length > 0}
        ratesWords={verdict.rates_words}
      />
      <ChosenModels entryId={id} film={answer} />
      {answer.anatomy && <HeartAndLungs anatomy={answer.anatomy} />}
      <ReportDownload entry={entry} models={modelAddresses(answer)} />
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
        <Anchor
          component={Link}
          href={modelPath(modelAddress(model))}
          underline="always"
          className={styles.about}
        >
          Model card{further.length > 0 && `, ${shownName(answer, model)}`}
        </Anchor>
      </div>
      <ReadingDetails answer={answer} readAt={readAt} />
    </div>
  );
}
