import { screen, within } from "@testing-library/react";
import { beforeEach, describe, expect, it, vi } from "vitest";

import type { Reason } from "@/lib/api/types";
import { NOT_A_CHEST, problem, suitability } from "@/lib/testing/answers";
import { FakeXhr } from "@/lib/testing/fake-xhr";

import { answer, jpeg, renderPage, stubServer } from "./page-under-test";

// Cornerstone draws by WebGL, which these tests have none of: the page then shows the plain picture.
vi.mock("@/features/viewer/engine", () => ({
  openFilm: () => Promise.reject(new Error("There is no WebGL.")),
  chooseTool: () => undefined,
}));

beforeEach(stubServer);

describe("ReadingPage, where a film is refused", () => {
  it("says why a picture was refused and what helps; reads it all the same, with a mark", async () => {
    const { user, choose } = renderPage();
    await choose(jpeg("cat.jpg"));
    const reasons: Reason[] = [NOT_A_CHEST, { code: "colour", words: "The picture is in colour." }];
    FakeXhr.of("cat.jpg").answer({ status: 422, body: problem("unsuitable-radiograph", 422, { reasons }) });
    const listed = within(await screen.findByRole("list", { name: "Reasons" })).getAllByRole("listitem");
    expect(listed.map(({ textContent }) => textContent)).toEqual(reasons.map(({ words }) => words));
    expect(screen.getByText(/Export the film itself/)).toBeVisible();

    await user.click(screen.getByRole("button", { name: "Read it anyway" }));
    expect(FakeXhr.of("cat.jpg").url).toBe("/predict?language=en&force=true");
    const forced = suitability({ suitable: false, forced: true, reasons });
    FakeXhr.of("cat.jpg").answer({ status: 200, body: { ...answer, suitability: forced } });
    const mark =
      "This image failed the suitability check and was processed on request. No lungs can be made out in this picture.";
    const reading = screen.getByRole("region", { name: "Reading" });
    expect(await within(reading).findByText(new RegExp(mark))).toBeVisible();
    expect(screen.getByRole("button", { name: /^cat.jpg/ })).toBeVisible();
    expect(screen.getByText(new RegExp(`cat.jpg: .*${mark}`))).toBeInTheDocument();
  });

  it("turns a picture that lies upside down on request, and marks it", async () => {
    const { user, choose } = renderPage();
    await choose(jpeg("down.jpg"));
    const reasons: Reason[] = [{ code: "upside_down", words: "The picture is upside down." }];
    const refused = { status: 422, body: problem("unsuitable-radiograph", 422, { reasons }) };
    FakeXhr.of("down.jpg").answer(refused);
    await user.click(await screen.findByRole("button", { name: "Turn it and read" }));
    expect(FakeXhr.of("down.jpg").url).toBe("/predict?language=en&orient=auto");
    const warnings = ["The picture was turned by 180° before reading, as requested."];
    const sides = { certain: false, reasons: [{ code: "looks_mirrored" as const, words: "Mirrored?" }] };
    const image = { ...answer.image, turned_degrees: 180, warnings, sides };
    FakeXhr.of("down.jpg").answer({ status: 200, body: { ...answer, image } });
    const notes = within(await screen.findByRole("list", { name: "Notes on the picture" }));
    expect(notes.getByText(/turned by 180°/)).toBeVisible();
    expect(
      notes.getByText("The patient's sides are uncertain, so no side is named. Mirrored?"),
    ).toBeVisible();
    expect(screen.getByRole("button", { name: /^down.jpg.*turned, sides uncertain/ })).toBeVisible();
  });

  it("offers no turn twice, and none where a picture lies upright", async () => {
    const { user, choose } = renderPage();
    await choose(jpeg("down.jpg"));
    const refused = (code: Reason["code"]) => ({
      status: 422,
      body: problem("unsuitable-radiograph", 422, { reasons: [{ code, words: "No." }] }),
    });
    FakeXhr.of("down.jpg").answer(refused("sideways"));
    await user.click(await screen.findByRole("button", { name: "Turn it and read" }));
    FakeXhr.of("down.jpg").answer(refused("sideways"));
    await screen.findByRole("button", { name: "Read it anyway" });
    expect(screen.queryByRole("button", { name: "Turn it and read" })).not.toBeInTheDocument();
    await choose(jpeg("cat.jpg"));
    FakeXhr.of("cat.jpg").answer(refused("not_a_chest"));
    await screen.findByRole("button", { name: "Read it anyway" });
    expect(screen.queryByRole("button", { name: "Turn it and read" })).not.toBeInTheDocument();
  });

  it("says what was wrong with one file and still reads the other", async () => {
    const { user, choose } = renderPage();
    await choose(new File(["words"], "notes.txt"), jpeg("chest.jpg"));
    FakeXhr.of("notes.txt").answer({ status: 415, body: problem("unsupported-format", 415) });
    FakeXhr.of("chest.jpg").answer({ status: 200, body: answer });
    expect(
      await screen.findByRole("heading", { name: "This is not a picture that can be read" }),
    ).toBeVisible();
    expect(screen.queryByRole("button", { name: "Try again" })).not.toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: /^chest.jpg/ }));
    expect(screen.getByRole("heading", { name: "Signs of pneumonia" })).toBeVisible();
  });

  it("tries again when the server was busy", async () => {
    const { user, choose } = renderPage();
    await choose(jpeg("chest.jpg"));
    FakeXhr.of("chest.jpg").answer({
      status: 503,
      body: problem("busy", 503),
      headers: { "Retry-After": "2" },
    });
    expect(await screen.findByText(/Try again in 2 seconds/)).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Try again" }));
    FakeXhr.of("chest.jpg").answer({ status: 200, body: answer });
    expect(await screen.findByRole("heading", { name: "Signs of pneumonia" })).toBeVisible();
  });
});
