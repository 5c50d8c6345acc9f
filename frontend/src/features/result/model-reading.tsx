import type { ReactNode } from "react";

import { EvidenceSection } from "@/features/evidence";
import { useSession } from "@/features/session";
import { shownName } from "@/lib/api/model-readings";
import type { ReadingAnswer } from "@/lib/api/types";
import { leadingVerdict } from "@/lib/words/reading-words";

import { FindingsTable } from "./findings-table";
import { PopulationNote } from "./population-note";
import { ProbabilityBars } from "./probability-bars";
import styles from "./result.module.css";
import { useCard } from "./use-card";
import { VerdictView } from "./verdict-view";

interface ModelReadingProps {
  readonly entryId: string;
  /** What the model answered. */
  readonly answer: ReadingAnswer;
  /** What all that read the film answered. */
  readonly film: ReadingAnswer;
  /** What stands between the decisions and their population. */
  readonly children?: ReactNode;
}

/** What one model made of a film: decisions, intended population, evidence, probabilities. */
export function ModelReading({ entryId, answer, film, children }: ModelReadingProps) {
  const session = useSession();
  const card = useCard(answer.model);
  const verdict = leadingVerdict(answer);
  const tasks = card?.tasks ?? [];
  const hasSeveral = answer.verdicts.length > 1;
  const tableName = film.readings.length > 1 ? `Findings by ${shownName(film, answer.model)}` : "Findings";
  return (
    <>
      <VerdictView headline={answer.headline} verdict={verdict} />
      {hasSeveral && (
        <FindingsTable key={entryId} entryId={entryId} answer={answer} tasks={tasks} name={tableName} />
      )}
      {children}
      <PopulationNote answer={answer} />
      <EvidenceSection
        entryId={entryId}
        answer={answer}
        film={film}
        onReadAgain={() => {
          session.retry(entryId);
        }}
      />
      {!hasSeveral && (
        <div className={verdict.reliable ? undefined : styles.muted}>
          <ProbabilityBars
            findings={answer.findings}
            uncertainBetween={answer.uncertain_between}
            tasks={tasks}
            isSum={card !== null && !card.outputs.includes(verdict.finding)}
          />
        </div>
      )}
    </>
  );
}
