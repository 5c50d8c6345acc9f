import { screen } from "@testing-library/react";
import { beforeEach, describe, expect, it, vi } from "vitest";

import { problem, verdict } from "@/lib/testing/answers";
import { FakeXhr } from "@/lib/testing/fake-xhr";
import { stubFetch } from "@/lib/testing/render-page";

import { answer, jpeg, renderPage, stubServer } from "./page-under-test";

// Cornerstone draws by WebGL, which these tests have none of: the page then shows the plain picture.
vi.mock("@/features/viewer/engine", () => ({
  openFilm: () => Promise.reject(new Error("There is no WebGL.")),
  chooseTool: () => undefined,
}));

beforeEach(stubServer);

describe("ReadingPage, at another operating point", () => {
  /** A page with a film that was read, on a server that decides as told. */
  async function renderRead(verdicts: { status: number; body: unknown }) {
    stubFetch({ "/verdicts": verdicts });
    const rendered = renderPage();
    await rendered.choose(jpeg("chest.jpg"));
    FakeXhr.of("chest.jpg").answer({ status: 200, body: answer });
    return { ...rendered, choice: await screen.findByRole("combobox", { name: "Decide at" }) };
  }

  it("decides again at the operating point that is chosen, and sends no film for it", async () => {
    const decided = {
      ...answer,
      operating_point: { threshold: 0.113, criterion: "sensitivity of 98 %", sensitivity: 1, specificity: 1 },
      verdicts: [verdict({ rates_words: "Sensitivity 98 %." })],
    };
    const { user, choice } = await renderRead({ status: 200, body: [decided] });
    await user.selectOptions(choice, screen.getByRole("option", { name: /High sensitivity/ }));
    expect(await screen.findByRole("heading", { name: /Operating point 11.3\s%/ })).toBeVisible();
    expect(screen.getByText(/sensitivity of 98 %/)).toBeVisible();
    expect(screen.getByText(/Sensitivity 98 %\./)).toBeVisible();
    expect(FakeXhr.sent).toHaveLength(1);
  });

  it("keeps the reading, and says so, where the server refuses an operating point", async () => {
    const refused = problem("invalid-operating-point", 422, { detail: "No curve to find it on." });
    const { user, choice } = await renderRead({ status: 422, body: refused });
    await user.selectOptions(choice, screen.getByRole("option", { name: /High sensitivity/ }));
    expect(
      await screen.findByText("The operating point was not changed: No curve to find it on."),
    ).toBeVisible();
    expect(screen.getByRole("heading", { name: "Signs of pneumonia" })).toBeVisible();
    expect(choice).toHaveDisplayValue("The model's own");
  });

  it("takes a threshold of one's own, and says what it may be", async () => {
    const { user, choice } = await renderRead({
      status: 200,
      body: [{ ...answer, operating_point: { ...answer.operating_point, threshold: 0.4 } }],
    });
    await user.selectOptions(choice, "own");
    const field = screen.getByRole("textbox", { name: "Threshold in %" });
    await user.type(field, "140{Enter}");
    expect(screen.getByText("From 0 to 100.")).toBeVisible();
    await user.clear(field);
    await user.type(field, "40{Enter}");
    expect(await screen.findByRole("heading", { name: /Operating point 40\s%/ })).toBeVisible();
  });

  it("offers other operating points where the chosen one is refused", async () => {
    const { choose } = renderPage();
    await choose(jpeg("chest.jpg"));
    FakeXhr.of("chest.jpg").answer({ status: 422, body: problem("invalid-operating-point", 422) });
    expect(
      await screen.findByRole("heading", { name: /cannot be read at this operating point/ }),
    ).toBeVisible();
    expect(screen.getByRole("combobox", { name: "Decide at" })).toBeVisible();
  });
});
