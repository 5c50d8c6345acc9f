/** One table of verdicts, and what every output says of each: see tests/verdicts.json. */
import type { ReadingAnswer, Verdict } from "@/lib/api/types";

import table from "../../../../tests/verdicts.json";
import { readingAnswer, verdict } from "./answers";

interface Row extends Pick<Verdict, "code" | "decision" | "reliable" | "headline" | "short" | "sentence"> {
  readonly name: string;
  readonly probability: number;
  /** By codes of findings, where `normal` stands for absent. */
  readonly set: readonly string[] | null;
  readonly set_shown: boolean;
  readonly cautions: readonly Verdict["cautions"][number]["code"][];
}

interface TableVerdict {
  readonly name: string;
  readonly told: Verdict;
  readonly answer: ReadingAnswer;
}

function presenceOf(label: string): "present" | "absent" {
  return label === "normal" || label === "absent" ? "absent" : "present";
}

function verdictOf(row: Row): TableVerdict {
  const told = verdict({
    ...row,
    prediction_set: row.set?.map(presenceOf) ?? null,
    prediction_set_shown: row.set_shown,
    cautions: row.cautions.map((code) => ({ code, words: `Caution ${code}.` })),
  });
  const answer = readingAnswer({ bacterial: 0.7, viral: 0.2, decision: row.decision });
  const { decision, headline } = row;
  return { name: row.name, told, answer: { ...answer, decision, headline, verdicts: [told] } };
}

export const VERDICTS: readonly TableVerdict[] = (table.rows as Row[]).map(verdictOf);
