import { Anchor, Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "wouter";

import { Icon } from "@/components/icon";
import { EvidenceSection } from "@/features/evidence";
import { type Answered, type Entry, useSession } from "@/features/session";
import { modelCardQuery } from "@/lib/api/queries";
import type { ModelCard } from "@/lib/api/types";
import { saveText } from "@/lib/download/save-file";
import { modelPath } from "@/lib/paths";
import { problemWords } from "@/lib/words/problem-words";
import { mainVerdict } from "@/lib/words/reading-words";

import { HeartAndLungs } from "./anatomy/heart-and-lungs";
import { FindingsTable } from "./findings-table";
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

/** The card of the classifier that read; null until it has come. */
function useCard(name: string): ModelCard | null {
  const { data } = useQuery(modelCardQuery(name));
  return data?.kind === "classifier" ? data : null;
}

export function ReadingResult({ entry, answered: { answer, readAt, problem } }: ReadingResultProps) {
  const session = useSession();
  const { id, file } = entry;
  const { findings, model, suitability, operating_point: point } = answer;
  const verdict = mainVerdict(answer);
  const card = useCard(model.name);
  const hasSeveral = answer.verdicts.length > 1;
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
      {hasSeveral && <FindingsTable key={id} entryId={id} answer={answer} tasks={card?.tasks ?? []} />}
      <PictureNotes answer={answer} />
      <PopulationNote answer={answer} />
      <EvidenceSection
        entryId={id}
        answer={answer}
        onReadAgain={() => {
          session.retry(id);
        }}
      />
      {!hasSeveral && (
        <div className={verdict.reliable ? undefined : styles.muted}>
          <ProbabilityBars
            findings={findings}
            uncertainBetween={answer.uncertain_between}
            tasks={card?.tasks ?? []}
            isSum={card !== null && !card.outputs.includes(verdict.finding)}
          />
        </div>
      )}
      <OperatingPoint
        point={point}
        finding={hasSeveral ? verdict.finding : null}
        ratesWords={verdict.rates_words}
      />
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
          Model card
        </Anchor>
      </div>
      <ReadingDetails answer={answer} readAt={readAt} />
    </div>
  );
}
