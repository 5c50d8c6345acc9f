/** The findings of a reading by the tasks that they belong to. */
import type { FindingAnswer, Task } from "@/lib/api/types";

/** What a model decides on; empty until its card has come. */
export type Tasks = readonly Pick<Task, "finding" | "parts">[];

export interface ArrangedFinding {
  readonly finding: FindingAnswer;
  readonly isPart: boolean;
}

/** Whether a decision is taken on a finding. */
function isDecided({ operating_point: point }: FindingAnswer): boolean {
  return typeof point === "number";
}

function partsOf(code: FindingAnswer["code"], findings: readonly FindingAnswer[], tasks: Tasks) {
  const parts = tasks.find(({ finding }) => finding === code)?.parts ?? [];
  return findings.filter((each) => parts.includes(each.code));
}

/** A finding that is decided on, then its parts. */
export function withParts(
  finding: FindingAnswer,
  findings: readonly FindingAnswer[],
  tasks: Tasks,
): ArrangedFinding[] {
  const parts = partsOf(finding.code, findings, tasks);
  return [{ finding, isPart: false }, ...parts.map((part) => ({ finding: part, isPart: true }))];
}

/** Findings that are decided on, each with its parts after it; then the model's other outputs. */
export function inTasks(findings: readonly FindingAnswer[], tasks: Tasks): ArrangedFinding[] {
  const decided = findings.filter(isDecided).flatMap((finding) => withParts(finding, findings, tasks));
  const others = outsideTasks(findings, tasks).map((finding) => ({ finding, isPart: false }));
  return [...decided, ...others];
}

/** Outputs that are neither decided on nor parts of a finding that is. */
export function outsideTasks(findings: readonly FindingAnswer[], tasks: Tasks): FindingAnswer[] {
  const decided = findings.filter(isDecided).flatMap(({ code }) => partsOf(code, findings, tasks));
  return findings.filter((finding) => !isDecided(finding) && !decided.includes(finding));
}
