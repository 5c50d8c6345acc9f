import { screen, within } from "@testing-library/react";
import { expect, it } from "vitest";

import { anatomyCard } from "@/lib/testing/cards";
import { renderInPage, stubFetch } from "@/lib/testing/render-page";

import { ModelPage } from ".";

it("shows an anatomy card's figures by source, with intervals, on test films alone", async () => {
  stubFetch({ "/models/anatomy": { status: 200, body: anatomyCard } });
  renderInPage(<ModelPage name="anatomy" />);
  expect(await screen.findByRole("heading", { level: 1, name: "Lungs and heart" })).toBeVisible();
  const titles = screen.getAllByRole("heading", { level: 3 }).map((title) => title.textContent);
  expect(titles).toEqual([
    expect.stringMatching(/^Test radiographs 66 radiographs, 1 without a measurement/),
    expect.stringMatching(/^Test radiographs: jsrt/),
    "Children, against lungs drawn by people 648 radiographs, 3 without a measurement",
    expect.stringMatching(/^Acceptance, age and view/),
  ]);
  const [ratio] = screen.getAllByRole("row", { name: /Cardiothoracic ratio, mean absolute error/ });
  expect(within(ratio as HTMLElement).getByText("0.015")).toBeVisible();
  expect(screen.getAllByRole("row", { name: /Dice \(1 is best\), right lung/ })).toHaveLength(2);
  expect(screen.getByRole("row", { name: /^Radiographs with over a tenth outside 0.030/ })).toBeVisible();
  expect(
    screen.getByRole("row", { name: /^Accepted as a frontal chest radiograph: lateral chest \(8\) 0.020/ }),
  ).toBeVisible();
  expect(screen.getByRole("row", { name: /^AP against PA, AUROC 0.980/ })).toBeVisible();
  expect(screen.queryByRole("row", { name: /^AP or PA: share unknown/ })).toBeNull();
});
