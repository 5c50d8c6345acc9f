import { screen, within } from "@testing-library/react";
import { beforeEach, describe, expect, it, vi } from "vitest";

import { problem, readingAnswer } from "@/lib/testing/answers";
import { FakeXhr } from "@/lib/testing/fake-xhr";
import { fourFindingsCard } from "@/lib/testing/four-findings";
import { stubFetch } from "@/lib/testing/render-page";
import { twoModelsAnswer, twoVersionsAnswer } from "@/lib/testing/two-models";

import { jpeg, renderPage } from "./page-under-test";

// Cornerstone draws by WebGL, which these tests have none of: the page then shows the plain picture.
vi.mock("@/features/viewer/engine", () => ({
  openFilm: () => Promise.reject(new Error("There is no WebGL.")),
  chooseTool: () => undefined,
}));

const MODELS = [
  { name: "anatomy", address: "anatomy", ready: true, findings: [], decides_on: [] },
  {
    name: "four",
    address: "four",
    title: "Four findings",
    version: "1.0.0",
    ready: true,
    findings: [],
    decides_on: ["mass", "nodule"],
  },
  { name: "gone", address: "gone", ready: false, findings: [], decides_on: [] },
  {
    name: "pneumonia",
    address: "pneumonia",
    title: "Pneumonia",
    version: "2026.11.1",
    ready: true,
    findings: [],
    decides_on: ["pneumonia"],
  },
];

beforeEach(() => {
  FakeXhr.install();
  stubFetch({ "/models": { status: 200, body: { automatic: false, default: "pneumonia", models: MODELS } } });
});

const asked = () => new URL(FakeXhr.of("a.jpg").url, "http://page").searchParams.getAll("model");

describe("ReadingPage, on a server with several models", () => {
  it("lets the models that read be chosen by keyboard, the default first, and never none", async () => {
    const { user, choose } = renderPage();
    const [first, second, ...others] = await screen.findAllByRole("checkbox");
    expect(first).toHaveAccessibleDescription("Decides on pneumonia.");
    expect(second).toHaveAccessibleDescription("Decides on mass, nodule.");
    expect(others).toEqual([]);
    first?.focus();
    await user.keyboard(" ");
    expect(first).toBeChecked();
    await user.tab();
    await user.keyboard(" ");
    await choose(jpeg("a.jpg"));
    expect(asked()).toEqual(["pneumonia", "four"]);
  });

  it("shows what each further model made of a film, with evidence to lay over it", async () => {
    const { user, choose } = renderPage();
    await choose(jpeg("a.jpg"));
    FakeXhr.of("a.jpg").answer({ status: 200, body: twoModelsAnswer() });
    const further = within(await screen.findByRole("region", { name: /^pneumonia 2026/ }));
    expect(further.getByRole("heading", { name: "Signs of pneumonia" })).toBeVisible();
    expect(further.getByText(/Intended population/)).toBeVisible();
    expect(screen.getByRole("heading", { name: "Signs of nodule and mass" })).toBeVisible();
    expect(within(screen.getByRole("region", { name: "Findings by four" })).getAllByRole("row")).toHaveLength(
      5,
    );

    const chosen = () =>
      screen.getAllByRole("button", { pressed: true }).map(({ textContent }) => textContent);
    expect(chosen()).toContain("Pleural effusion");
    await user.click(further.getByRole("button", { name: "Pneumonia" }));
    expect(chosen()).toContain("Pneumonia");
    expect(chosen()).not.toContain("Pleural effusion");
    await user.click(further.getByRole("button", { name: /^Heart shadow/ }));
    expect(further.getByText(/80\s% of the evidence for pneumonia/)).toBeVisible();
    expect(screen.getByText(/For all findings of all models/)).toBeVisible();
  });

  it("offers to read a film again that other models read than those chosen", async () => {
    const { user, choose } = renderPage();
    await choose(jpeg("a.jpg"));
    const alone = readingAnswer({ bacterial: 0.7, viral: 0.2, decision: "positive" });
    FakeXhr.of("a.jpg").answer({ status: 200, body: alone });
    await screen.findByRole("heading", { name: "Signs of pneumonia" });
    const again = () => screen.queryByRole("button", { name: "Read again with the chosen models" });
    expect(again()).toBeNull();
    await user.click(screen.getByRole("checkbox", { name: /^Four findings/ }));
    expect(screen.getByText("This film was read by pneumonia.")).toBeVisible();
    await user.click(again() ?? document.body);
    expect(FakeXhr.sent).toHaveLength(2);
    expect(asked()).toEqual(["pneumonia", "four"]);
  });

  it("has the server select models by age until others are chosen, and again where that is chosen", async () => {
    stubFetch({
      "/models": { status: 200, body: { automatic: true, default: "pneumonia", models: MODELS } },
    });
    const { user, choose } = renderPage();
    const byAge = await screen.findByRole("checkbox", { name: "By the patient's age" });
    expect(byAge).toBeChecked();
    expect(screen.getAllByRole("checkbox", { checked: true })).toEqual([byAge]);
    await choose(jpeg("a.jpg"));
    expect(asked()).toEqual([]);
    const words = "Models for this patient: Pneumonia. The film looks like a child's.";
    const selection = { models: ["pneumonia"], reason: "look" as const, words };
    const alone = readingAnswer({ bacterial: 0.7, viral: 0.2, decision: "positive" });
    FakeXhr.of("a.jpg").answer({ status: 200, body: { ...alone, selection } });
    expect(await screen.findByText(words)).toBeVisible();
    const again = () => screen.queryByRole("button", { name: "Read again with the chosen models" });
    expect(again()).toBeNull();

    await user.click(screen.getByRole("checkbox", { name: /^Four findings/ }));
    expect(screen.getByRole("checkbox", { name: "By the patient's age" })).not.toBeChecked();
    await user.click(again() ?? document.body);
    expect(asked()).toEqual(["four"]);
    await user.click(screen.getByRole("checkbox", { name: "By the patient's age" }));
    expect(again()).toBeNull();
  });

  it("names and addresses two versions of one model apart", async () => {
    const versions = ["1.0.0", "2.0.0"].map((version) => ({
      name: "four",
      address: `four@${version}`,
      title: "Four findings",
      version,
      ready: true,
      findings: [],
      decides_on: ["effusion", "nodule"],
    }));
    stubFetch({
      "/models": { status: 200, body: { automatic: false, default: "four@2.0.0", models: versions } },
      "/models/four%401.0.0": { status: 200, body: fourFindingsCard },
      "/models/four%402.0.0": { status: 200, body: { ...fourFindingsCard, title: "Retrained" } },
    });
    const { user, choose } = renderPage();
    await user.click(await screen.findByRole("checkbox", { name: "Four findings 1.0.0" }));
    await choose(jpeg("a.jpg"));
    expect(asked()).toEqual(["four@2.0.0", "four@1.0.0"]);

    FakeXhr.of("a.jpg").answer({ status: 200, body: twoVersionsAnswer() });
    const further = within(await screen.findByRole("region", { name: "Retrained · four 2.0.0" }));
    const link = (name: string) => screen.getByRole("link", { name }).getAttribute("href");
    expect(link("Model card, four@1.0.0")).toBe("/about/four@1.0.0");
    expect(link("Model card, four@2.0.0")).toBe("/about/four@2.0.0");
    expect(screen.getByText("This film was read by four@1.0.0, four@2.0.0.")).toBeVisible();

    // Each version's evidence is told, and laid over the film, by itself.
    const chosen = () => screen.getAllByRole("button", { name: "Mass", pressed: true });
    await user.click(further.getByRole("button", { name: "Mass", pressed: false }));
    expect(chosen()).toEqual([further.getByRole("button", { name: "Mass", pressed: true })]);
  });

  it("lets other models be chosen where a film was refused, which then read it", async () => {
    const { user, choose } = renderPage();
    await choose(jpeg("a.jpg"));
    const reasons = [{ code: "drawn", words: "It looks drawn." }];
    FakeXhr.of("a.jpg").answer({ status: 422, body: problem("unsuitable-radiograph", 422, { reasons }) });
    await screen.findByRole("list", { name: "Reasons" });
    await user.click(screen.getByRole("checkbox", { name: /^Four findings/ }));
    await user.click(screen.getByRole("checkbox", { name: /^Pneumonia/ }));
    await user.click(screen.getByRole("button", { name: "Read it anyway" }));
    expect(asked()).toEqual(["four"]);
  });
});
