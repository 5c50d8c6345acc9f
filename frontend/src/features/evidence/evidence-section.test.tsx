import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";

import { ShownLayersProvider, useShownLayers } from "@/features/layers";
import type { EvidenceAnswer } from "@/lib/api/types";
import { ofModels, readingAnswer, verdict } from "@/lib/testing/answers";
import { evidenceAnswer, findingEvidence } from "@/lib/testing/evidence-answers";
import { renderInPage } from "@/lib/testing/render-page";

import { EvidenceFocusProvider, evidenceInFocus } from "./evidence-focus";
import { EvidenceSection } from "./evidence-section";
import { regionSentence } from "./evidence-words";

function Shown() {
  return <output>{[...useShownLayers().shown].join(" ")}</output>;
}

function renderSection(evidence: EvidenceAnswer | null, decided = verdict()) {
  const onReadAgain = vi.fn();
  const answer = {
    ...readingAnswer({ bacterial: 0.7, viral: 0.2, decision: "positive" }),
    verdicts: [decided],
    evidence,
  };
  renderInPage(
    <ShownLayersProvider>
      <EvidenceFocusProvider>
        <EvidenceSection entryId="reading-1" answer={answer} film={answer} onReadAgain={onReadAgain} />
        <Shown />
      </EvidenceFocusProvider>
    </ShownLayersProvider>,
  );
  return {
    user: userEvent.setup(),
    section: within(screen.getByRole("region", { name: "Evidence" })),
    onReadAgain,
  };
}

it("tells the target's evidence in words and regions, the strongest first", () => {
  const { section } = renderSection(evidenceAnswer());
  expect(section.getByText(/^The evidence lies mainly in the right lower zone \(62 %\)/)).toHaveTextContent(
    /93\s% of it lies within lungs and heart/,
  );
  const regions = within(section.getByRole("list", { name: "Regions" })).getAllByRole("button");
  expect(regions.map(({ textContent }) => textContent)).toEqual([
    "Right lower zone62\u00a0%",
    "Heart shadow and lung behind it31\u00a0%",
    "Area outside lungs and heart7\u00a0%",
  ]);
});

it("says the words of a region that is clicked, and marks it until it is clicked again", async () => {
  const { user, section } = renderSection(evidenceAnswer());
  const heart = section.getByRole("button", { name: /^Heart shadow/ });
  await user.click(heart);
  expect(heart).toHaveAttribute("aria-pressed", "true");
  expect(section.getByRole("status")).toHaveTextContent(
    /^Heart shadow and lung behind it: 31\s% of the evidence for pneumonia\.$/,
  );
  await user.click(heart);
  expect(section.getByRole("status")).toBeEmptyDOMElement();
});

it("shows the evidence of a finding that is clicked, weak ones marked as such", async () => {
  const { user, section } = renderSection(evidenceAnswer());
  await user.click(section.getByRole("button", { name: "Viral pneumonia" }));
  expect(section.getByText(/in the heart shadow and lung behind it \(80 %\)/)).toBeVisible();
  expect(section.getByText(/too weak to rely on/)).toBeVisible();
  expect(screen.getByText(/evidence/, { selector: "output" })).toBeInTheDocument();
});

it("says why there is none", () => {
  const message = "Pneumonia is below its operating point: there is no evidence to show.";
  const { section } = renderSection(
    evidenceAnswer({ is_shown: false, reason: "below_operating_point", message, findings: [] }),
    verdict({ decision: "negative" }),
  );
  expect(section.getByText(message)).toBeVisible();
  expect(section.queryByRole("button")).not.toBeInTheDocument();
});

it("offers to look for evidence where the film was below its operating point only when it was read", async () => {
  const message = "Pneumonia is below its operating point: there is no evidence to show.";
  const { user, section, onReadAgain } = renderSection(
    evidenceAnswer({ is_shown: false, reason: "below_operating_point", message, findings: [] }),
  );
  expect(section.queryByText(message)).not.toBeInTheDocument();
  await user.click(section.getByRole("button", { name: "Read again with evidence" }));
  expect(onReadAgain).toHaveBeenCalledOnce();
});

it("says so where the server knows of no evidence", () => {
  const { section } = renderSection(null);
  expect(section.getByText(/This server sends no evidence/)).toBeVisible();
});

it("puts the warnings beside it", () => {
  const { section } = renderSection(
    evidenceAnswer({ warnings: [{ code: "whole_picture", message: "The whole picture was read." }] }),
  );
  const warnings = within(section.getByRole("list", { name: "Warnings on the evidence" }));
  expect(warnings.getByText("The whole picture was read.")).toBeVisible();
});

it("never swaps left and right in its words", () => {
  const finding = findingEvidence();
  expect(regionSentence(finding, "right_lower_zone")).toBe(
    "Right lower zone: 62\u00a0% of the evidence for pneumonia, where it is strongest.",
  );
  expect(regionSentence(finding, "left_lower_zone")).toBe(
    "Left lower zone: none of the evidence for pneumonia.",
  );
});

it("is of the model that was chosen, where two decide on one finding; else of the first that shows some", () => {
  const read = readingAnswer({ bacterial: 0.7, viral: 0.2, decision: "positive" });
  const of = (version: string, evidence: EvidenceAnswer) => ({
    ...read,
    model: { ...read.model, version },
    evidence,
  });
  const film = ofModels(
    of("none", evidenceAnswer({ is_shown: false, findings: [] })),
    of("first", evidenceAnswer()),
    of("second", evidenceAnswer()),
  );
  const modelOf = (model: string | null) =>
    evidenceInFocus(film, { model: model && `pneumonia@${model}`, finding: "pneumonia" })?.answer.model
      .version;
  expect(["second", "first", "none", null].map(modelOf)).toEqual(["second", "first", "first", "first"]);
});
