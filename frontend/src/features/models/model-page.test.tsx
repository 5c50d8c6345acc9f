import { fireEvent, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";

import { problem } from "@/lib/testing/answers";
import { card, curves } from "@/lib/testing/cards";
import { renderInPage, stubFetch } from "@/lib/testing/render-page";

import { ModelPage } from ".";

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
    screen.getByText(/From 52.4 % on, pneumonia is called present\. Criterion: Youden's index\./),
  ).toBeVisible();
  expect(screen.getByRole("link", { name: "https://data.example/set" })).toBeVisible();
});

it("leaves out a figure that the card does not have", async () => {
  stubFetch({ "/models/pneumonia": { status: 200, body: card } });
  renderInPage(<ModelPage name="pneumonia" />);
  expect(await screen.findByRole("rowheader", { name: "Specificity" })).toBeVisible();
  expect(screen.queryByText(/bacterial against viral/)).not.toBeInTheDocument();
});

it("states what trials found, differences with their sign, and nothing where none was run", async () => {
  const chest = { value: 0.883, low: 0.874, high: 0.891 };
  const ahead = { value: 0.177, low: -0.044, high: 0.311 };
  const on = { images: 138, patients: 115 };
  const trials = {
    localisation: [
      { words: "evidence in lungs and heart", figure: chest, ...on },
      { words: "peak in a box, ahead of chance by", figure: ahead, ...on },
    ],
  };
  stubFetch({ "/models/pneumonia": { status: 200, body: { ...card, trials } } });
  renderInPage(<ModelPage name="pneumonia" />);
  const inChest = await screen.findByRole("row", { name: /^Evidence in lungs and heart/ });
  expect(within(inChest).getByText("0.874 – 0.891")).toBeVisible();
  const difference = screen.getByRole("row", { name: /ahead of chance by/ });
  expect(within(difference).getByText("+0.177")).toBeVisible();
  expect(within(difference).getByText("\u22120.044 – +0.311")).toBeVisible();
  expect(screen.queryByRole("heading", { name: "What can be told without the lungs" })).toBeNull();
});

it("names the models there are when this one is unknown", async () => {
  stubFetch({
    "/models/lungs": { status: 404, body: problem("unknown-model", 404, { known: ["pneumonia"] }) },
  });
  renderInPage(<ModelPage name="lungs" />);
  expect(await screen.findByText("The server has: pneumonia.")).toBeVisible();
});

it("puts the patients that chose nothing first, and says when a figure carries no claim", async () => {
  const validation = card.metrics.validation;
  const test = validation && {
    ...validation,
    bacterial_against_viral_auroc: { value: 0.76, low: 0.66, high: 0.84 },
    confusion: {
      normal: { normal: 154, viral_pneumonia: 5 },
      viral_pneumonia: { normal: 7, viral_pneumonia: 80 },
    },
  };
  const metrics = { ...card.metrics, ...(test && { test }) };
  stubFetch({ "/models/pneumonia": { status: 200, body: { ...card, metrics, curves: {} } } });
  renderInPage(<ModelPage name="pneumonia" />);
  const titles = await screen.findAllByRole("heading", { level: 3 });
  expect(titles.map((title) => title.textContent)).toEqual([
    expect.stringContaining("Test patients"),
    expect.stringContaining("Validation patients"),
  ]);
  expect(
    screen.getByRole("row", { name: /bacterial against viral – too uncertain to rely on/ }),
  ).toBeVisible();
  const confusion = screen.getByRole("table", { name: /what it took them for/ });
  expect(within(confusion).getByRole("row", { name: "viral pneumonia 7 80" })).toBeVisible();
});

it("gives coverage and share of uncertain readings with intervals, and says when it is uncertain", async () => {
  stubFetch({ "/models/pneumonia": { status: 200, body: card } });
  renderInPage(<ModelPage name="pneumonia" />);
  const share = await screen.findByRole("row", { name: /Share called uncertain/ });
  expect(within(share).getByText("0.030 – 0.060")).toBeVisible();
  expect(screen.getByRole("row", { name: /Prediction set holds the truth, without/ })).toBeVisible();
  expect(screen.getByText(/aims to hold the right one on 95\s% of radiographs/)).toBeVisible();
});

describe("the plots", () => {
  const titles = [
    "ROC curve",
    "Probabilities given",
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
    expect(screen.getByText(/finds 90\s% of those with pneumonia/)).toBeVisible();
    const placeOf = () => screen.getByRole("img", { name: "ROC curve" }).querySelector("circle")?.outerHTML;
    const placeAtOwn = placeOf();

    fireEvent.change(slider, { target: { value: "0.2" } });
    expect(screen.getByText(/clears 50\s% of those without/)).toBeVisible();
    expect(placeOf()).not.toBe(placeAtOwn);

    await userEvent.click(screen.getByRole("button", { name: /Back to the operating point, 52.4\s%/ }));
    expect(placeOf()).toBe(placeAtOwn);
  });

  it("are worked out anew for another prevalence", async () => {
    stubFetch({ "/models/pneumonia": { status: 200, body: card } });
    renderInPage(<ModelPage name="pneumonia" />);
    // Ten with pneumonia and ten without.
    expect(
      await screen.findByText(/Where 50\s% have pneumonia, a positive reading is right in 90\s%/),
    ).toBeVisible();
    fireEvent.change(screen.getByRole("slider", { name: "Prevalence" }), { target: { value: "0.1" } });
    expect(
      screen.getByText(/Where 10\s% have pneumonia, a positive reading is right in 50\s%/),
    ).toBeVisible();
  });

  it("are of the patients that are chosen", async () => {
    const validation = card.metrics.validation;
    const perfect = { ...curves, roc: [{ threshold: 0.5, sensitivity: 1, specificity: 1 }] };
    const body = {
      ...card,
      metrics: { test: validation, validation },
      curves: { validation: curves, test: perfect },
    };
    stubFetch({ "/models/pneumonia": { status: 200, body } });
    renderInPage(<ModelPage name="pneumonia" />);
    const choice = await screen.findByRole("combobox", { name: "Measured on" });
    expect(choice).toHaveDisplayValue("Test patients");
    expect(screen.getByText(/finds over 99\s% of those with pneumonia/)).toBeVisible();
    await userEvent.selectOptions(choice, "Validation patients");
    expect(screen.getByText(/finds 90\s% of those with pneumonia/)).toBeVisible();
  });

  it("are left out for a card that has no curves", async () => {
    stubFetch({ "/models/pneumonia": { status: 200, body: { ...card, curves: {}, conformal: null } } });
    renderInPage(<ModelPage name="pneumonia" />);
    expect(await screen.findByRole("rowheader", { name: "Specificity" })).toBeVisible();
    expect(screen.queryByRole("img")).not.toBeInTheDocument();
    expect(screen.queryByRole("heading", { name: "When it says uncertain" })).not.toBeInTheDocument();
  });
});
