/** One table of verdicts, and what page, list, CSV and saved picture say of each: see tests/verdicts.json. */
import { screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";

import { stateWords } from "@/features/session";
import type { Verdict } from "@/lib/api/types";
import { readingAnswer, verdict } from "@/lib/testing/answers";
import { renderInPage } from "@/lib/testing/render-page";
import { verdictText } from "@/lib/words/reading-words";

import table from "../../../../tests/verdicts.json";
import { VerdictView } from "./verdict-view";

interface Row extends Pick<Verdict, "code" | "decision" | "reliable" | "headline" | "short" | "sentence"> {
  readonly name: string;
  readonly probability: number;
  readonly set: Verdict["prediction_set"];
  readonly set_shown: boolean;
  readonly cautions: readonly Verdict["cautions"][number]["code"][];
}

function verdictOf(row: Row): Verdict {
  return verdict({
    ...row,
    prediction_set: row.set,
    prediction_set_shown: row.set_shown,
    cautions: row.cautions.map((code) => ({ code, words: `Caution ${code}.` })),
  });
}

describe.each(table.rows as Row[])("a verdict: $name", (row) => {
  const told = verdictOf(row);

  it("is said by the page as the server says it, with the set only where it agrees", () => {
    renderInPage(<VerdictView verdict={told} />);
    expect(screen.getByRole("heading", { level: 2 })).toHaveTextContent(row.headline);
    expect(screen.getByText(row.sentence)).toBeVisible();
    for (const { words } of told.cautions) expect(screen.getByText(words)).toBeVisible();
    const isShown = screen.queryByRole("list", { name: "Prediction set" }) !== null;
    expect(isShown).toBe(row.set_shown);
    expect(document.body).not.toHaveTextContent(/potentially|reading either way/i);
  });

  it("is said by the list and the saved picture in the same words", () => {
    const answer = {
      ...readingAnswer({ bacterial: 0.7, viral: 0.2, decision: row.decision }),
      verdicts: [told],
    };
    const { words, tone } = stateWords({ kind: "done", answer, readAt: new Date(0) });
    expect([words, tone]).toEqual([row.short, row.code]);
    expect(verdictText(told)).toContain(row.headline);
    for (const caution of told.cautions) expect(verdictText(told)).toContain(caution.words);
  });
});
