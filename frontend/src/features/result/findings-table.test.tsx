import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";

import { EvidenceFocusProvider, useEvidenceFocus } from "@/features/evidence";
import { ShownLayersProvider } from "@/features/layers";
import { findings } from "@/lib/testing/answers";
import { fourFindingsAnswer } from "@/lib/testing/four-findings";
import { renderInPage } from "@/lib/testing/render-page";

import { FindingsTable } from "./findings-table";

function Focused() {
  return <output>{useEvidenceFocus().focusOf("reading-1").finding}</output>;
}

function renderTable(
  answer = fourFindingsAnswer(),
  tasks: Parameters<typeof FindingsTable>[0]["tasks"] = [],
) {
  renderInPage(
    <ShownLayersProvider>
      <EvidenceFocusProvider>
        <FindingsTable entryId="reading-1" answer={answer} tasks={tasks} />
        <Focused />
      </EvidenceFocusProvider>
    </ShownLayersProvider>,
  );
  return userEvent.setup();
}

const cellsOf = (row: HTMLElement) => [...row.children].map(({ textContent }) => textContent);

it("lists present, uncertain, absent, not assessed; within them by probability over operating point", () => {
  renderTable();
  // 0.45 / 0.3 is more than 0.6 / 0.5.
  expect(screen.getAllByRole("row").slice(1).map(cellsOf)).toEqual([
    ["Nodule", "Present", "45.0\u00a0%", "30\u00a0%"],
    ["Mass", "Present", "60.0\u00a0%", "50\u00a0%"],
    ["Pleural effusion", "Uncertain", "44.0\u00a0%", "40\u00a0%"],
    ["Pneumothorax", "Not assessed", "30.0\u00a0%", "10\u00a0%"],
  ]);
});

it("opens by keyboard to the verdict's words and its evidence, one row at a time", async () => {
  const user = renderTable();
  await user.tab();
  await user.tab();
  const mass = screen.getByRole("button", { name: "Mass" });
  expect(mass).toHaveFocus();
  await user.keyboard("{Enter}");
  expect(mass).toHaveAttribute("aria-expanded", "true");
  expect(screen.getByRole("heading", { name: "Headline of mass" })).toBeVisible();
  expect(screen.getByText("Sentence of mass.")).toBeVisible();
  expect(screen.getByText("Rates of mass.")).toBeVisible();
  expect(screen.getByText(/evidence is shown on the film/)).toBeVisible();
  expect(document.querySelector("output")).toHaveTextContent("mass");

  await user.click(screen.getByRole("button", { name: "Pneumothorax" }));
  expect(mass).toHaveAttribute("aria-expanded", "false");
  expect(screen.getByText("Sentence of pneumothorax.")).toBeVisible();
  // There is none of it.
  expect(screen.queryByText(/evidence is shown on the film/)).not.toBeInTheDocument();
  expect(document.querySelector("output")).toHaveTextContent("mass");

  await user.keyboard("{Enter}");
  expect(screen.queryByText("Sentence of pneumothorax.")).not.toBeInTheDocument();
});

it("puts parts with the finding that they are of, and lists outputs without a decision last", async () => {
  const answer = fourFindingsAnswer();
  const own = findings(0.3, 0.2).map((finding) => ({
    ...finding,
    assessed: finding.code !== "viral_pneumonia",
  }));
  const verdicts = answer.verdicts.map((each, index) =>
    index === 3 ? { ...each, finding: "pneumonia" as const } : each,
  );
  const user = renderTable({ ...answer, findings: own, verdicts }, [
    { finding: "pneumonia", parts: ["bacterial_pneumonia", "viral_pneumonia"] },
  ]);
  expect(cellsOf(screen.getAllByRole("row").at(-1) as HTMLElement)).toEqual([
    "Normal",
    "–",
    "50.0\u00a0%",
    "–",
  ]);
  await user.click(screen.getByRole("button", { name: "Pneumonia" }));
  const bars = within(screen.getByRole("list", { name: "Probabilities" })).getAllByRole("listitem");
  expect(bars.map(({ textContent }) => textContent)).toEqual([
    expect.stringMatching(/^Pneumonia50.0/),
    expect.stringMatching(/^Bacterial pneumonia30.0/),
    expect.stringMatching(/^Viral pneumonia not assessed20.0/),
  ]);
});

it("folds findings that are not assessed where they are many", async () => {
  const answer = fourFindingsAnswer();
  const [, weak] = answer.verdicts;
  if (!weak) throw new Error("The second finding is not assessed.");
  const more = (["emphysema", "fibrosis", "hernia", "edema"] as const).map((finding) => ({
    ...weak,
    finding,
  }));
  const user = renderTable({ ...answer, verdicts: [...answer.verdicts, ...more] });
  const fold = screen.getByRole("button", { name: "5 findings are not assessed" });
  expect(screen.queryByRole("button", { name: "Pulmonary fibrosis" })).not.toBeInTheDocument();
  await user.click(fold);
  expect(fold).toHaveAttribute("aria-expanded", "true");
  expect(screen.getByRole("button", { name: "Pulmonary fibrosis" })).toBeVisible();
  expect(screen.getAllByText("Not assessed")).toHaveLength(5);
});
