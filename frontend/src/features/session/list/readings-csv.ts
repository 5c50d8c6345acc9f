import { answersByModel } from "@/lib/api/model-readings";
import { ProblemError } from "@/lib/api/problem";
import type { ReadingAnswer } from "@/lib/api/types";
import { forcedMark, mainVerdict } from "@/lib/words/reading-words";

import type { Entry } from "../store/entry";

type Cell = string | number | null;
type Row = Record<string, Cell>;

const FIXED_COLUMNS = [
  "file_name",
  "state",
  "problem",
  "problem_reasons",
  "mark",
  "read_at",
  "decision",
  "result",
  "verdict",
  "verdict_words",
  "cautions",
] as const;
const CLOSING_COLUMNS = [
  "prediction_set",
  "coverage",
  "uncertain_from",
  "uncertain_to",
  "operating_point",
  "operating_point_criterion",
  "operating_point_sensitivity",
  "operating_point_specificity",
  "uncertain_share_positive",
  "uncertain_share_negative",
  "suitable",
  "forced",
  "suitability_reasons",
  "suitability_notes",
  "population_intended",
  "population_words",
  "cardiothoracic_ratio",
  "ratio_valid",
  "anatomy_quality",
  "model",
  "model_version",
  "model_sha256",
  "intended_population",
  "image_sha256",
  "image_format",
  "image_rows",
  "image_columns",
  "image_view",
  "image_estimated_view",
  "image_warnings",
  "image_turned_degrees",
  "sides_certain",
  "sides_reasons",
  "total_ms",
  "notice",
] as const;

/**
 * One cell, quoted by RFC 4180.
 *
 * A text that a spreadsheet would run as a formula gets an apostrophe in front
 * (OWASP, "CSV Injection"): a file's name is whatever its sender liked.
 */
export function csvCell(value: Cell): string {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  const safe = /^[\s]*[=+\-@\t\r\n|]/.test(value) ? `'${value}` : value;
  return `"${safe.replaceAll('"', '""')}"`;
}

function problemOf(error: unknown): string {
  return error instanceof ProblemError ? error.slug : "no-answer";
}

function problemIn(state: Entry["state"]): string | null {
  if (state.kind === "skipped") return "no-radiograph";
  return state.kind === "failed" ? problemOf(state.error) : null;
}

function codesOf(reasons: readonly { readonly code: string }[]): string {
  return reasons.map(({ code }) => code).join("; ");
}

function refusalCells(error: unknown): Row {
  if (!(error instanceof ProblemError)) return {};
  return { problem_reasons: codesOf(error.problem.reasons) || null };
}

function decisionCells(answer: ReadingAnswer): Row {
  const { prediction_set: set, coverage, uncertain_between: zone, operating_point: point } = answer;
  const { code, headline, cautions, rates } = mainVerdict(answer);
  return {
    verdict: code,
    verdict_words: headline,
    cautions: codesOf(cautions),
    // Empty where there are no sets; "none" where the set is empty.
    prediction_set: set === null ? null : set.join("; ") || "none",
    coverage,
    uncertain_from: zone?.[0] ?? null,
    uncertain_to: zone?.[1] ?? null,
    operating_point: point.threshold,
    operating_point_criterion: point.criterion,
    operating_point_sensitivity: rates?.sensitivity?.value ?? null,
    operating_point_specificity: rates?.specificity?.value ?? null,
    uncertain_share_positive: rates?.uncertain_positive?.value ?? null,
    uncertain_share_negative: rates?.uncertain_negative?.value ?? null,
  };
}

function suitabilityCells({ suitability }: ReadingAnswer): Row {
  if (!suitability) return {};
  const { suitable, forced, reasons, notes, population } = suitability;
  return {
    mark: forcedMark(suitability),
    suitable: String(suitable),
    forced: String(forced),
    suitability_reasons: codesOf(reasons),
    suitability_notes: codesOf(notes),
    population_intended: population.intended === null ? null : String(population.intended),
    population_words: population.words,
  };
}

function anatomyCells(anatomy: ReadingAnswer["anatomy"]): Row {
  if (!anatomy) return {};
  const { cardiothoracic_ratio: ratio, quality } = anatomy;
  return {
    cardiothoracic_ratio: ratio.value,
    ratio_valid: String(ratio.valid),
    anatomy_quality: codesOf(quality),
  };
}

/** A line for each model that read the file; one where none did. */
function rowsOf({ file, state }: Entry): Row[] {
  const row: Row = {
    file_name: file.name,
    state: state.kind,
    problem: problemIn(state),
    ...(state.kind === "failed" && refusalCells(state.error)),
  };
  if (state.kind !== "done") return [row];
  const { answer, readAt } = state;
  return answersByModel(answer).map((each) => ({ ...row, ...answerCells(each, readAt) }));
}

function answerCells(answer: ReadingAnswer, readAt: Date): Row {
  const row: Row = {};
  for (const finding of answer.findings) {
    row[`${finding.code}_probability`] = finding.probability;
    if (typeof finding.operating_point === "number") {
      row[`${finding.code}_operating_point`] = finding.operating_point;
    }
    const verdict = answer.verdicts.find(({ finding: code }) => code === finding.code);
    if (verdict && answer.verdicts.length > 1) {
      row[`${finding.code}_decision`] = verdict.decision;
      row[`${finding.code}_verdict`] = verdict.code;
    }
  }
  return {
    ...row,
    ...decisionCells(answer),
    ...suitabilityCells(answer),
    ...anatomyCells(answer.anatomy),
    read_at: readAt.toISOString(),
    decision: answer.decision,
    result: answer.result,
    model: answer.model.name,
    model_version: answer.model.version,
    model_sha256: answer.model.sha256,
    intended_population: answer.model.intended_population,
    image_sha256: answer.image.sha256,
    image_format: answer.image.format,
    image_rows: answer.image.rows,
    image_columns: answer.image.columns,
    image_view: answer.image.view,
    image_estimated_view: answer.image.estimated_view,
    image_warnings: answer.image.warnings.join("; "),
    image_turned_degrees: answer.image.turned_degrees,
    sides_certain: String(answer.image.sides.certain),
    sides_reasons: codesOf(answer.image.sides.reasons),
    total_ms: answer.timing_ms.total,
    notice: answer.notice,
  };
}

/** All of a session's files as CSV, one line for each and each model that read it, the refused ones too. */
export function readingsCsv(entries: readonly Entry[]): string {
  const rows = entries.flatMap(rowsOf);
  const named = new Set<string>([...FIXED_COLUMNS, ...CLOSING_COLUMNS]);
  const findingColumns = [...new Set(rows.flatMap((row) => Object.keys(row)))].filter(
    (name) => !named.has(name),
  );
  const columns = [...FIXED_COLUMNS, ...findingColumns, ...CLOSING_COLUMNS];
  const lines = [columns, ...rows.map((row) => columns.map((column) => csvCell(row[column] ?? null)))];
  return lines.map((cells) => `${cells.join(",")}\r\n`).join("");
}
