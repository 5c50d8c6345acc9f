import { screen, within } from "@testing-library/react";
import { expect, it } from "vitest";

import { card, problem } from "@/lib/testing/answers";
import { renderInPage, stubFetch } from "@/lib/testing/render-page";

import { AboutModelPage } from ".";

it("shows the card: population, limits, figures with intervals, operating point, data", async () => {
  stubFetch({ "/models/pneumonia": { status: 200, body: card } });
  renderInPage(<AboutModelPage name="pneumonia" />);
  expect(await screen.findByRole("heading", { level: 1, name: "Pneumonia in children" })).toBeVisible();
  expect(screen.getByText(/Children of 1 to 5 years/)).toBeVisible();
  expect(screen.getByText("One hospital alone.")).toBeVisible();
  expect(screen.getByText(/468 patients, 742 radiographs/)).toBeVisible();
  const sensitivity = screen.getByRole("row", { name: /Sensitivity/ });
  expect(within(sensitivity).getByText("0.971")).toBeVisible();
  expect(within(sensitivity).getByText("0.961 – 0.976")).toBeVisible();
  expect(
    screen.getByText(/From 52.4 % on, pneumonia is called present\. Criterion: Youden's index\./),
  ).toBeVisible();
  expect(screen.getByRole("link", { name: "https://data.example/set" })).toBeVisible();
});

it("leaves out a figure that the card does not have", async () => {
  stubFetch({ "/models/pneumonia": { status: 200, body: card } });
  renderInPage(<AboutModelPage name="pneumonia" />);
  expect(await screen.findByText("Specificity")).toBeVisible();
  expect(screen.queryByText(/bacterial against viral/)).not.toBeInTheDocument();
});

it("names the models there are when this one is unknown", async () => {
  stubFetch({
    "/models/lungs": { status: 404, body: problem("unknown-model", 404, { known: ["pneumonia"] }) },
  });
  renderInPage(<AboutModelPage name="lungs" />);
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
  stubFetch({ "/models/pneumonia": { status: 200, body: { ...card, metrics } } });
  renderInPage(<AboutModelPage name="pneumonia" />);
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
