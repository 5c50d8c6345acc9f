import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";

import { fourFindingsCard } from "@/lib/testing/four-findings";
import { renderInPage, stubFetch } from "@/lib/testing/render-page";

import { ModelPage } from ".";

async function renderCard() {
  stubFetch({ "/models/four": { status: 200, body: fourFindingsCard } });
  renderInPage(<ModelPage name="four" />);
  return screen.findByRole("combobox", { name: "Finding" });
}

it("lists all findings, the main one first, with AUROC, positives, and why one is not assessed", async () => {
  await renderCard();
  const table = screen.getByRole("table", { name: /AUROC with its 95\s% interval/ });
  const rows = within(table).getAllByRole("row").slice(1);
  expect(rows.map((row) => [...row.children].map(({ textContent }) => textContent))).toEqual([
    ["Pleural effusion", "0.900 0.850 – 0.950", "80", "yes"],
    ["Pneumothorax", "0.950 0.910 – 0.990", "3", "not assessed: 3 positive radiographs, at least 15 needed"],
    ["Mass", "–", "–", "not assessed: no figures (Test patients)"],
    ["Nodule", "0.720 0.660 – 0.780", "40", "not assessed: AUROC interval from 0.660, below 0.70"],
  ]);
});

it("shows figures, plots, operating point and trials of the finding that is chosen", async () => {
  const choice = await renderCard();
  expect(choice).toHaveDisplayValue("Pleural effusion");
  expect(screen.getByText(/At and above 40 %, pleural effusion is called present/)).toBeVisible();
  expect(screen.getByText(/sensitivity for pleural effusion is/)).toBeVisible();
  expect(screen.queryByText(/was not calibrated/)).not.toBeInTheDocument();
  expect(screen.queryByRole("heading", { name: /^Robustness/ })).not.toBeInTheDocument();

  await userEvent.selectOptions(choice, "Nodule");
  expect(screen.getByText(/At and above 30 %, nodule is called present/)).toBeVisible();
  expect(screen.getByText(/sensitivity for nodule is/)).toBeVisible();
  expect(screen.getByText(/was not calibrated for this finding/)).toBeVisible();
  expect(screen.getByRole("row", { name: /^AUROC – too uncertain to rely on/ })).toBeVisible();
  expect(screen.getByRole("heading", { name: /^Robustness/ })).toBeVisible();

  await userEvent.selectOptions(choice, "Mass");
  expect(screen.queryByRole("img")).not.toBeInTheDocument();
});
