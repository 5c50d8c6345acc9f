import { fireEvent, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";

import type { ModelCard, Task } from "@/lib/api/types";
import { problem } from "@/lib/testing/answers";
import { card, curves, task, validationMetrics } from "@/lib/testing/cards";
import { renderInPage, stubFetch } from "@/lib/testing/render-page";

import { ModelPage } from ".";

function withTask(changes: Partial<Task>): ModelCard {
  return { ...card, tasks: [{ ...task, ...changes }] };
}

it("shows the card: population, limits, figures with intervals, operating point, data", async () => {
  stubFetch({ "/models/pneumonia": { status: 200, body: card } });
  renderInPage(<ModelPage name="pneumonia" />);
  expect(await screen.findByRole("heading", { level: 1, name: "Pneumonia in children" })).toBeVisible();
  expect(screen.getByText(/Children of 1 to 5 years/)).toBeVisible();
  expect(screen.getByText("One hospital alone.")).toBeVisible();
  expect(screen.getByText(/468 patients, 742 radiographs/)).toBeVisible();
  const sensitivity = screen.getByRole("row", { name: /^Sensitivity/ });
  expect(within(sensitivity).getByText("0.971")).toBeVisible();
  expect(within(sensitivity).getByText("0.961 – 0.976")).toBeVisible();
  expect(
    screen.getByText(/At and above 52.4 %, pneumonia is called present\. Criterion: Youden's index\./),
  ).toBeVisible();
  expect(screen.getByRole("link", { name: "https://data.example/set" })).toBeVisible();
});

it("leaves out a figure that the card does not have", async () => {
  stubFetch({ "/models/pneumonia": { status: 200, body: card } });
  renderInPage(<ModelPage name="pneumonia" />);
  expect(await screen.findByRole("rowheader", { name: "Specificity" })).toBeVisible();
  expect(screen.queryByText(/between the finding's parts/)).not.toBeInTheDocument();
});

it("states what trials found, differences with their sign, and nothing where none was run", async () => {
  const chest = { value: 0.883, low: 0.874, high: 0.891 };
  const ahead = { value: 0.177, low: -0.044, high: 0.311 };
  const on = { images: 138, patients: 115 };
  const trials = {
    localisation: [
      { words: "evidence in lungs and heart", figure: chest, ...on },
      { words: "peak in a box, above chance by", figure: ahead, ...on },
    ],
  };
  stubFetch({ "/models/pneumonia": { status: 200, body: withTask({ trials }) } });
  renderInPage(<ModelPage name="pneumonia" />);
  const inChest = await screen.findByRole("row", { name: /^Evidence in lungs and heart/ });
  expect(within(inChest).getByText("0.874 – 0.891")).toBeVisible();
  const difference = screen.getByRole("row", { name: /above chance by/ });
  expect(within(difference).getByText("+0.177")).toBeVisible();
  expect(within(difference).getByText("\u22120.044 – +0.311")).toBeVisible();
  expect(screen.queryByRole("heading", { name: /^Shortcuts/ })).toBeNull();
});

it("leads to the cards of all models that can be used, and marks the one that is shown", async () => {
  const models = [
    { name: "pneumonia", address: "pneumonia", title: "Pneumonia in children", ready: true },
    { name: "findings", address: "findings@2", title: "Findings in adults", ready: true },
    { name: "broken", address: "broken", title: null, ready: false },
  ];
  stubFetch({
    "/models/pneumonia": { status: 200, body: card },
    "/models": { status: 200, body: { automatic: true, default: "pneumonia", models } },
  });
  renderInPage(<ModelPage name="pneumonia" />);
  const links = within(await screen.findByRole("navigation", { name: "Models" })).getAllByRole("link");
  expect(links.map((link) => [link.textContent, link.getAttribute("href")])).toEqual([
    ["Pneumonia in children", "/about/pneumonia"],
    ["Findings in adults", "/about/findings@2"],
    ["Lungs and heart", "/about/anatomy"],
  ]);
  expect(links.map((link) => link.getAttribute("aria-current"))).toEqual(["page", null, null]);
});

it("names the models there are when this one is unknown", async () => {
  stubFetch({
    "/models/lungs": { status: 404, body: problem("unknown-model", 404, { known: ["pneumonia"] }) },
  });
  renderInPage(<ModelPage name="lungs" />);
  expect(await screen.findByText("The server has: pneumonia.")).toBeVisible();
});

it("puts the patients that chose nothing first, and says when a figure carries no claim", async () => {
  const test = {
    ...validationMetrics,
    parts_auroc: { value: 0.76, low: 0.66, high: 0.84 },
    confusion: {
      normal: { normal: 154, viral_pneumonia: 5 },
      viral_pneumonia: { normal: 7, viral_pneumonia: 80 },
    },
  };
  const body = withTask({ metrics: { validation: validationMetrics, test }, curves: {} });
  stubFetch({ "/models/pneumonia": { status: 200, body } });
  renderInPage(<ModelPage name="pneumonia" />);
  const titles = await screen.findAllByRole("heading", { level: 3 });
  expect(titles.map((title) => title.textContent)).toEqual([
    expect.stringContaining("Test patients"),
    expect.stringContaining("Validation patients"),
  ]);
  expect(
    screen.getByRole("row", { name: /between the finding's parts – too uncertain to rely on/ }),
  ).toBeVisible();
  const confusion = screen.getByRole("table", { name: /^Confusion matrix/ });
  expect(within(confusion).getByRole("row", { name: "viral pneumonia 7 80" })).toBeVisible();
});

it("puts a site's patients first, and says where its values are from", async () => {
  const site = {
    ...validationMetrics,
    confusion: { absent: { absent: 40, present: 2 }, present: { absent: 1, present: 37 } },
  };
  const metrics = { test: validationMetrics, other: validationMetrics, validation: validationMetrics, site };
  const body = {
    ...withTask({ metrics, curves: {}, across_acquisitions: {} }),
    site: { name: "ward-3", created: "2026-05-06", images: 120, patients: 97 },
  };
  stubFetch({ "/models/pneumonia": { status: 200, body } });
  renderInPage(<ModelPage name="pneumonia" />);
  expect(
    await screen.findByText(/site profile ward-3, which was fitted to 120 radiographs of 97 patients/),
  ).toBeVisible();
  const titles = screen.getAllByRole("heading", { level: 3 }).map((title) => title.textContent);
  expect(titles).toEqual(
    ["Patients of this site", "Test patients", "other", "Validation patients"].map((title): unknown =>
      expect.stringContaining(title),
    ),
  );
  expect(screen.getByText(/Measured on patients of this site, cross-validated: /)).toBeVisible();
  expect(screen.queryByText(/Measured on test patients: /)).toBeNull();
});

it("gives coverage and share of uncertain readings with intervals, and says when it is uncertain", async () => {
  stubFetch({ "/models/pneumonia": { status: 200, body: card } });
  renderInPage(<ModelPage name="pneumonia" />);
  const share = await screen.findByRole("row", { name: /Share uncertain/ });
  expect(within(share).getByText("0.030 – 0.060")).toBeVisible();
  expect(screen.getByRole("row", { name: /Conformal coverage, negative radiographs/ })).toBeVisible();
  expect(screen.getByText(/nominal coverage is 95\s%/)).toBeVisible();
});

describe("the plots", () => {
  const titles = [
    "ROC curve",
    "Predicted probabilities",
    "Precision and recall",
    "Reliability",
    "Decision curve",
  ];

  it("are drawn, described, and given as tables", async () => {
    stubFetch({ "/models/pneumonia": { status: 200, body: card } });
    renderInPage(<ModelPage name="pneumonia" />);
    for (const name of titles) {
      expect(await screen.findByRole("img", { name })).toHaveAccessibleDescription(/\.$/);
      expect(screen.getByRole("table", { name, hidden: true })).toBeInTheDocument();
    }
    const roc = screen.getByRole("table", { name: "ROC curve", hidden: true });
    expect(within(roc).getAllByRole("row", { hidden: true })).toHaveLength(1 + curves.roc.length);
  });

  it("move with the threshold, and go back to the operating point", async () => {
    stubFetch({ "/models/pneumonia": { status: 200, body: card } });
    renderInPage(<ModelPage name="pneumonia" />);
    const slider = await screen.findByRole("slider", { name: "Threshold" });
    expect(screen.getByText(/sensitivity for pneumonia is 90\s%/)).toBeVisible();
    const placeOf = () => screen.getByRole("img", { name: "ROC curve" }).querySelector("circle")?.outerHTML;
    const placeAtOwn = placeOf();

    fireEvent.change(slider, { target: { value: "0.2" } });
    expect(screen.getByText(/specificity 50\s%/)).toBeVisible();
    expect(placeOf()).not.toBe(placeAtOwn);

    await userEvent.click(screen.getByRole("button", { name: /Back to the operating point, 52.4\s%/ }));
    expect(placeOf()).toBe(placeAtOwn);
  });

  it("are worked out anew for another prevalence", async () => {
    stubFetch({ "/models/pneumonia": { status: 200, body: card } });
    renderInPage(<ModelPage name="pneumonia" />);
    // Ten with pneumonia and ten without.
    expect(
      await screen.findByText(/prevalence of pneumonia is 50\s%, the positive predictive value is 90\s%/),
    ).toBeVisible();
    fireEvent.change(screen.getByRole("slider", { name: "Prevalence" }), { target: { value: "0.1" } });
    expect(
      screen.getByText(/prevalence of pneumonia is 10\s%, the positive predictive value is 50\s%/),
    ).toBeVisible();
  });

  it("are of the patients that are chosen", async () => {
    const perfect = { ...curves, roc: [{ threshold: 0.5, sensitivity: 1, specificity: 1 }] };
    const body = withTask({
      metrics: { test: validationMetrics, validation: validationMetrics },
      curves: { validation: curves, test: perfect },
    });
    stubFetch({ "/models/pneumonia": { status: 200, body } });
    renderInPage(<ModelPage name="pneumonia" />);
    const choice = await screen.findByRole("combobox", { name: "Measured on" });
    expect(choice).toHaveDisplayValue("Test patients");
    expect(screen.getByText(/sensitivity for pneumonia is over 99\s%/)).toBeVisible();
    await userEvent.selectOptions(choice, "Validation patients");
    expect(screen.getByText(/sensitivity for pneumonia is 90\s%/)).toBeVisible();
  });

  it("are left out for a card that has no curves", async () => {
    stubFetch({ "/models/pneumonia": { status: 200, body: withTask({ curves: {}, conformal: null }) } });
    renderInPage(<ModelPage name="pneumonia" />);
    expect(await screen.findByRole("rowheader", { name: "Specificity" })).toBeVisible();
    expect(screen.queryByRole("img")).not.toBeInTheDocument();
    expect(screen.queryByRole("heading", { name: "When a decision is uncertain" })).not.toBeInTheDocument();
  });
});
