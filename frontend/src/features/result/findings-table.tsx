import { Table, UnstyledButton } from "@mantine/core";
import { Fragment, useId, useState } from "react";

import { VerdictMark } from "@/components/verdict-mark";
import { FindingSentences, useShowEvidence } from "@/features/evidence";
import { modelAddress } from "@/lib/api/model-readings";
import type { FindingAnswer, FindingCode, ReadingAnswer, Verdict } from "@/lib/api/types";
import { finePercent, plainPercent } from "@/lib/format/figures";
import { capitalised, findingWords } from "@/lib/words/catalogue";
import { byRelevance, decisionLabel } from "@/lib/words/reading-words";

import { outsideTasks, type Tasks, withParts } from "./findings-in-tasks";
import styles from "./findings-table.module.css";
import { drawnZone, FindingBars } from "./probability-bars";
import { VerdictReasons } from "./verdict-view";

const COLUMNS = 4;

/** Findings that are not assessed, which are listed at once; more of them are folded. */
const MOST_WEAK = 4;

interface FindingsTableProps {
  readonly entryId: string;
  readonly answer: ReadingAnswer;
  /** What the model decides on, by its card. */
  readonly tasks: Tasks;
  /** What a screen reader calls it. */
  readonly name?: string;
}

/** All decisions of a reading, the most relevant first; a row opens to its verdict. */
export function FindingsTable({ entryId, answer, tasks, name = "Findings" }: FindingsTableProps) {
  const { verdicts, findings } = answer;
  const [opened, setOpened] = useState<FindingCode | null>(null);
  const showEvidence = useShowEvidence(entryId, modelAddress(answer.model));
  const withEvidence = new Set((answer.evidence?.findings ?? []).map(({ finding }) => finding));
  const [showsWeak, setShowsWeak] = useState(false);
  const sorted = byRelevance(verdicts);
  const weak = sorted.filter(({ code }) => code === "not_assessed");
  const assessed = sorted.filter(({ code }) => code !== "not_assessed");
  const isFolded = weak.length > MOST_WEAK;
  const toggle = (finding: FindingCode) => {
    setOpened(finding === opened ? null : finding);
    if (finding !== opened && withEvidence.has(finding)) showEvidence(finding);
  };
  const rowOf = (verdict: Verdict) => (
    <DecidedRow
      key={verdict.finding}
      entryId={entryId}
      verdict={verdict}
      answer={answer}
      tasks={tasks}
      isOpen={verdict.finding === opened}
      hasEvidence={withEvidence.has(verdict.finding)}
      onToggle={() => {
        toggle(verdict.finding);
      }}
    />
  );
  return (
    <section aria-label={name}>
      <h3 className={styles.title}>Findings</h3>
      <Table className={styles.table ?? ""} verticalSpacing={6} horizontalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">Finding</Table.Th>
            <Table.Th scope="col">Decision</Table.Th>
            <Table.Th scope="col" className={styles.number ?? ""}>
              Probability
            </Table.Th>
            <Table.Th scope="col" className={styles.number ?? ""}>
              Operating point
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {(isFolded ? assessed : sorted).map(rowOf)}
          {isFolded && (
            <Table.Tr className={styles.row ?? ""}>
              <Table.Td colSpan={COLUMNS}>
                <UnstyledButton
                  className={styles.toggle ?? ""}
                  aria-expanded={showsWeak}
                  onClick={() => {
                    setShowsWeak(!showsWeak);
                  }}
                >
                  {weak.length} findings are not assessed
                </UnstyledButton>
                <span className={styles.quiet}>: the model&apos;s figures for them are too weak.</span>
              </Table.Td>
            </Table.Tr>
          )}
          {isFolded && showsWeak && weak.map(rowOf)}
          {outsideTasks(findings, tasks).map((finding) => (
            <OutputRow key={finding.code} finding={finding} />
          ))}
        </Table.Tbody>
      </Table>
    </section>
  );
}

interface DecidedRowProps {
  readonly entryId: string;
  readonly verdict: Verdict;
  readonly answer: ReadingAnswer;
  readonly tasks: Tasks;
  readonly isOpen: boolean;
  readonly hasEvidence: boolean;
  readonly onToggle: () => void;
}

/** A finding with its decision; opened, what stands behind the decision. */
function DecidedRow({ entryId, verdict, answer, tasks, isOpen, hasEvidence, onToggle }: DecidedRowProps) {
  const id = useId();
  const { code, finding, probability, operating_point: point } = verdict;
  return (
    <Fragment>
      <Table.Tr className={styles.row ?? ""} data-open={isOpen || undefined}>
        <Table.Th scope="row" className={styles.name ?? ""}>
          <UnstyledButton
            className={styles.toggle ?? ""}
            aria-expanded={isOpen}
            {...(isOpen && { "aria-controls": id })}
            onClick={onToggle}
          >
            {capitalised(findingWords(finding))}
          </UnstyledButton>
        </Table.Th>
        <Table.Td>
          <span className={styles.decision} data-verdict={code}>
            <VerdictMark code={code} sizePx={11} />
            {decisionLabel(verdict)}
          </span>
        </Table.Td>
        <Table.Td className={styles.number ?? ""}>{finePercent(probability)}</Table.Td>
        <Table.Td className={styles.number ?? ""}>{plainPercent(point)}</Table.Td>
      </Table.Tr>
      {isOpen && (
        <Table.Tr id={id}>
          <Table.Td colSpan={COLUMNS} className={styles.details ?? ""}>
            <Details entryId={entryId} verdict={verdict} answer={answer} tasks={tasks} />
            {hasEvidence && <p className={styles.quiet}>Its evidence is shown on the film.</p>}
          </Table.Td>
        </Table.Tr>
      )}
    </Fragment>
  );
}

type DetailsProps = Pick<DecidedRowProps, "entryId" | "verdict" | "answer" | "tasks">;

function Details({ entryId, verdict, answer, tasks }: DetailsProps) {
  const finding = answer.findings.find(({ code }) => code === verdict.finding);
  const evidence = answer.evidence?.findings.find((each) => each.finding === verdict.finding);
  return (
    <>
      <h4 className={styles.headline}>{verdict.headline}</h4>
      <VerdictReasons verdict={verdict} />
      <FindingSentences
        entryId={entryId}
        model={modelAddress(answer.model)}
        verdict={verdict}
        evidence={evidence ?? null}
      />
      {verdict.rates_words !== null && <p className={styles.quiet}>{verdict.rates_words}</p>}
      {finding && (
        <FindingBars
          findings={withParts(finding, answer.findings, tasks)}
          zone={drawnZone(verdict.uncertain_between)}
        />
      )}
    </>
  );
}

/** An output of the model that it does not decide on. */
function OutputRow({ finding }: { readonly finding: FindingAnswer }) {
  return (
    <Table.Tr>
      <Table.Th scope="row" className={styles.name ?? ""}>
        {finding.label}
      </Table.Th>
      <Table.Td>–</Table.Td>
      <Table.Td className={styles.number ?? ""}>{finePercent(finding.probability)}</Table.Td>
      <Table.Td className={styles.number ?? ""}>–</Table.Td>
    </Table.Tr>
  );
}
