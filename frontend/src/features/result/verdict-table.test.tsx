import { screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";

import { renderInPage } from "@/lib/testing/render-page";
import { VERDICTS } from "@/lib/testing/verdict-table";

import { VerdictView } from "./verdict-view";

describe.each(VERDICTS)("a verdict: $name", ({ told }) => {
  it("is said by the page as the server says it, with the set only where it agrees", () => {
    renderInPage(<VerdictView headline={told.headline} verdict={told} />);
    expect(screen.getByRole("heading", { level: 2 })).toHaveTextContent(told.headline);
    expect(screen.getByText(told.sentence)).toBeVisible();
    for (const { words } of told.cautions) expect(screen.getByText(words)).toBeVisible();
    const isShown = screen.queryByRole("list", { name: "Prediction set" }) !== null;
    expect(isShown).toBe(told.prediction_set_shown);
    expect(document.body).not.toHaveTextContent(/potentially|reading either way/i);
  });
});
