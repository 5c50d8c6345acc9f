import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";

import { ShownLayersProvider } from "@/features/layers";
import { verdict } from "@/lib/testing/answers";
import { findingEvidence } from "@/lib/testing/evidence-answers";
import { renderInPage } from "@/lib/testing/render-page";

import { EvidenceFocusProvider, useEvidenceFocus } from "./evidence-focus";
import { FindingSentences } from "./finding-sentences";

function Focused() {
  const { model, finding, region } = useEvidenceFocus().focusOf("reading-1");
  return <output>{[model, finding, region].join(" ")}</output>;
}

function renderSentences(evidence: Parameters<typeof FindingSentences>[0]["evidence"]) {
  renderInPage(
    <ShownLayersProvider>
      <EvidenceFocusProvider>
        <FindingSentences entryId="reading-1" model="pneumonia" verdict={verdict()} evidence={evidence} />
        <Focused />
      </EvidenceFocusProvider>
    </ShownLayersProvider>,
  );
  return userEvent.setup();
}

it("links the clinicians' sentence to the regions that it names, and the patients' to the strongest", async () => {
  const user = renderSentences(findingEvidence());
  // A share of 7 % is not named.
  expect(screen.getAllByRole("button").map(({ textContent }) => textContent)).toEqual([
    "Right lower zone",
    "Heart shadow and lung behind it",
    "Right lower zone",
  ]);
  const [first] = screen.getAllByRole("button");
  if (!first) throw new Error("There are three.");
  await user.click(first);
  expect(screen.getByRole("status")).toHaveTextContent("pneumonia pneumonia right_lower_zone");
  expect(screen.getAllByRole("button", { pressed: true })).toHaveLength(2);
  await user.click(first);
  expect(screen.queryByRole("button", { pressed: true })).not.toBeInTheDocument();
});

it("links the patients' sentence to nothing where it names no part of a lung", () => {
  renderSentences(findingEvidence({ patient_sentence: null }));
  expect(screen.getAllByRole("button")).toHaveLength(2);
});

it("has the sentence for patients alone where there is no evidence", () => {
  renderSentences(null);
  expect(screen.getByText("For patients: positive.")).toBeVisible();
  expect(screen.queryByText("For clinicians")).not.toBeInTheDocument();
  expect(screen.queryByRole("button")).not.toBeInTheDocument();
});
