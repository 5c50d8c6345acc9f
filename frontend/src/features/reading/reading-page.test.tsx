import { screen, within } from "@testing-library/react";
import { beforeEach, describe, expect, it, vi } from "vitest";

import { POPULATION, readingAnswer, suitability, verdict } from "@/lib/testing/answers";
import { FakeXhr } from "@/lib/testing/fake-xhr";
import { stubFetch } from "@/lib/testing/render-page";

import { JPEG_HEAD, answer, jpeg, renderPage, stubServer } from "./page-under-test";

// Cornerstone draws by WebGL, which these tests have none of: the page then shows the plain picture.
vi.mock("@/features/viewer/engine", () => ({
  openFilm: () => Promise.reject(new Error("There is no WebGL.")),
  chooseTool: () => undefined,
}));

beforeEach(stubServer);

describe("ReadingPage", () => {
  it("says what to drop, what comes back and what happens to the file", async () => {
    renderPage();
    expect(screen.getByText(/JPEG, PNG, WebP, TIFF, BMP or DICOM/)).toBeVisible();
    expect(screen.getByText(/read in memory by the server you are connected to, and not kept/)).toBeVisible();
    expect(await screen.findByText(new RegExp(POPULATION.replace(/[()]/g, "\\$&")))).toBeVisible();
  });

  it("shows progress, then the reading in words and figures, and announces it", async () => {
    const { choose } = renderPage();
    await choose(jpeg("chest.jpg"));
    FakeXhr.of("chest.jpg").progress(43, 100);
    expect(await screen.findByRole("progressbar", { name: "Upload of chest.jpg" })).toHaveAttribute(
      "aria-valuenow",
      "43",
    );
    FakeXhr.of("chest.jpg").answer({ status: 200, body: answer });

    expect(await screen.findByRole("heading", { name: "Signs of pneumonia" })).toBeVisible();
    expect(screen.getByText("Probability of pneumonia 95.0 %.")).toBeVisible();
    expect(screen.getByText(/chest.jpg: Signs of pneumonia. Probability of pneumonia/)).toBeInTheDocument();
    expect(screen.getByText("operating point 52 %")).toBeVisible();
    expect(screen.getByText("70.0 %")).toBeVisible();
    expect(screen.getByText("25.0 %")).toBeVisible();
    expect(screen.getByText("The picture was in colour.")).toBeVisible();
    const reading = screen.getByRole("region", { name: "Reading" });
    expect(within(reading).getByText(new RegExp(POPULATION.slice(0, 24)))).toBeVisible();
    expect(screen.getByRole("img", { name: "Radiograph chest.jpg" })).toBeVisible();
  });

  it("keeps the keyboard's place when the first screen gives way to a reading", async () => {
    const example = { name: "normal", label: "Normal", file_name: "normal.jpg", media_type: "image/jpeg" };
    stubFetch({
      "/examples": { status: 200, body: { examples: [{ ...example, description: "" }] } },
      "/examples/normal": { status: 200, body: String.fromCharCode(...JPEG_HEAD) },
    });
    const { user } = renderPage();
    const button = await screen.findByRole("button", { name: "Normal" });
    button.focus();
    await user.keyboard("{Enter}");
    await screen.findByRole("progressbar", { name: "Upload of normal.jpg" });
    const reading = screen.getByRole("region", { name: "Reading" });
    await expect.poll(() => document.activeElement === reading).toBe(true);
    FakeXhr.of("normal.jpg").answer({ status: 200, body: answer });
    await screen.findByRole("heading", { name: "Signs of pneumonia" });
    expect(reading).toHaveFocus();
    await user.tab();
    expect(reading).toContainElement(document.activeElement as HTMLElement);
  });

  it("steps from film to film", async () => {
    const { user, choose } = renderPage();
    await choose(jpeg("a.jpg"));
    expect(screen.queryByRole("navigation", { name: "Films" })).not.toBeInTheDocument();
    await choose(jpeg("b.jpg"));
    const films = await screen.findByRole("navigation", { name: "Films" });
    const [previous, next] = within(films).getAllByRole("button");
    expect(films).toHaveTextContent("b.jpg2 of 2");
    expect(next).toHaveAttribute("aria-disabled", "true");
    await user.click(previous as HTMLElement);
    expect(films).toHaveTextContent("a.jpg1 of 2");
    expect(previous).toHaveFocus();
    await user.click(next as HTMLElement);
    expect(films).toHaveTextContent("b.jpg2 of 2");
  });

  it("says what remains possible, and why the model is uncertain", async () => {
    const { choose } = renderPage();
    await choose(jpeg("chest.jpg"));
    const uncertain = readingAnswer({ bacterial: 0.3, viral: 0.2, decision: "uncertain" });
    FakeXhr.of("chest.jpg").answer({ status: 200, body: uncertain });
    expect(await screen.findByRole("heading", { name: /the model cannot tell/ })).toBeVisible();
    expect(screen.getByText(/^Held the truth for 96 %/)).toBeVisible();
    const set = within(screen.getByRole("list", { name: "Prediction set" })).getAllByRole("listitem");
    expect(set.map((label) => label.textContent)).toEqual([
      "Pneumonia absent in the set",
      "Pneumonia present in the set",
    ]);
  });

  it("shows no set for a model that has none", async () => {
    const { choose } = renderPage();
    await choose(jpeg("chest.jpg"));
    FakeXhr.of("chest.jpg").answer({
      status: 200,
      body: {
        ...answer,
        uncertain_between: null,
        verdicts: [verdict({ prediction_set: null, prediction_set_shown: false, coverage: null })],
      },
    });
    expect(await screen.findByRole("heading", { name: "Signs of pneumonia" })).toBeVisible();
    expect(screen.queryByText(/cannot tell/)).not.toBeInTheDocument();
    expect(screen.queryByRole("list", { name: "Prediction set" })).not.toBeInTheDocument();
  });

  it("notes what was mended, and who is outside the intended population", async () => {
    const { choose } = renderPage();
    await choose(jpeg("chest.jpg"));
    const words = "Outside the intended population: the header states an age of 54 years.";
    const noted = suitability({
      notes: [{ code: "inverted", words: "Bone was dark: the picture was inverted for reading." }],
      population: { intended: false, words },
    });
    FakeXhr.of("chest.jpg").answer({ status: 200, body: { ...answer, suitability: noted } });
    const notes = within(await screen.findByRole("list", { name: "Notes on the picture" }));
    expect(notes.getAllByRole("listitem").map(({ textContent }) => textContent)).toEqual([
      "Bone was dark: the picture was inverted for reading.",
      "The picture was in colour.",
    ]);
    expect(screen.getByText(words)).toBeVisible();
    expect(screen.getByRole("img", { name: "Radiograph chest.jpg" })).toHaveAttribute(
      "data-inverted",
      "true",
    );
    expect(screen.getByText("Shown inverted, as it was read")).toBeVisible();
  });

  it("says that a server which has no anatomy bundle did not look whether it is a chest", async () => {
    const { choose } = renderPage();
    await choose(jpeg("chest.jpg"));
    FakeXhr.of("chest.jpg").answer({ status: 200, body: { ...answer, suitability: null } });
    expect(await screen.findByText(/^Not checked: this server does not check/)).toBeVisible();
    expect(screen.getByText("Intended population:")).toBeVisible();
  });

  it("cancels an upload, and reads it after all", async () => {
    const { user, choose } = renderPage();
    await choose(jpeg("chest.jpg"));
    await user.click(await screen.findByRole("button", { name: "Cancel" }));
    expect(await screen.findByRole("heading", { name: "Cancelled" })).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Read it after all" }));
    FakeXhr.of("chest.jpg").answer({ status: 200, body: answer });
    expect(await screen.findByRole("heading", { name: "Signs of pneumonia" })).toBeVisible();
  });

  it("walks the session's list by arrow keys and removes by Delete", async () => {
    const { user, choose } = renderPage();
    await choose(jpeg("a.jpg"), jpeg("b.jpg"));
    screen.getByRole("button", { name: /^a.jpg/ }).focus();
    await user.keyboard("{ArrowDown}");
    expect(screen.getByRole("button", { name: /^b.jpg/ })).toHaveFocus();
    expect(screen.getByRole("button", { name: /^b.jpg/ })).toHaveAttribute("aria-current", "true");
    await user.keyboard("{Delete}");
    expect(screen.queryByRole("button", { name: /^b.jpg/ })).not.toBeInTheDocument();
    await vi.waitFor(() => {
      expect(screen.getByRole("button", { name: /^a.jpg/ })).toHaveFocus();
    });
  });

  it("goes back to the empty page when all are cleared", async () => {
    const { user, choose } = renderPage();
    await choose(jpeg("a.jpg"));
    await user.click(screen.getByRole("button", { name: "Clear all" }));
    expect(screen.getByRole("heading", { name: /Drop a chest radiograph here/ })).toBeVisible();
  });

  it("takes a pasted picture", async () => {
    renderPage();
    const paste = new Event("paste", { cancelable: true });
    Object.assign(paste, { clipboardData: { files: [jpeg("image.png")] } });
    document.dispatchEvent(paste);
    expect(await screen.findByRole("button", { name: /^image.png/ })).toBeVisible();
  });
});
