import { screen, within } from "@testing-library/react";
import { expect, it } from "vitest";

import { anatomyAnswer, ratioAnswer } from "@/lib/testing/anatomy-answers";
import { renderInPage } from "@/lib/testing/render-page";

import { HeartAndLungs } from "./heart-and-lungs";

function section(): HTMLElement {
  return screen.getByRole("region", { name: "Heart and lungs" });
}

it("gives the ratio with its error and a sentence", () => {
  renderInPage(<HeartAndLungs anatomy={anatomyAnswer()} />);
  expect(section()).toHaveTextContent("Cardiothoracic ratio0.44 ± 0.015");
  expect(within(section()).getByText(/^The heart takes up 44\s%/)).toBeVisible();
  expect(within(section()).queryByRole("list")).not.toBeInTheDocument();
});

it("says by the number that it is not valid, and why", () => {
  const reason = "An AP film magnifies the heart.";
  const ratio = ratioAnswer({ value: 0.58, valid: false, reason });
  renderInPage(<HeartAndLungs anatomy={anatomyAnswer({ cardiothoracic_ratio: ratio })} />);
  expect(section()).toHaveTextContent("not valid on this film");
  expect(within(section()).getByText(reason)).toBeVisible();
  expect(section()).not.toHaveTextContent(/enlarged|normal/);
});

it("gives no number where nothing could be measured, and the reason once", () => {
  const words = "No lungs can be made out in this picture.";
  const ratio = ratioAnswer({ value: null, valid: false, reason: words, lines: null });
  const anatomy = anatomyAnswer({ cardiothoracic_ratio: ratio, quality: [{ code: "no_lungs", words }] });
  renderInPage(<HeartAndLungs anatomy={anatomy} />);
  expect(within(section()).getByText("The cardiothoracic ratio could not be measured.")).toBeVisible();
  expect(within(section()).getAllByText(words)).toHaveLength(1);
  expect(section()).not.toHaveTextContent("±");
});

it("lists what is to be known of the film", () => {
  const words = "The tops of the lungs are cut off.";
  const anatomy = anatomyAnswer({ quality: [{ code: "apices_cut", words }], lung_asymmetry: 0.5 });
  renderInPage(<HeartAndLungs anatomy={anatomy} />);
  const notes = within(within(section()).getByRole("list")).getAllByRole("listitem");
  expect(notes.map((note) => note.textContent)).toEqual([
    "The right lung's outline is 3.0 times as large as the left's.",
    words,
  ]);
});
