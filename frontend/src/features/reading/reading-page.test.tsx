import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it, vi } from "vitest";

import { ReadingSession } from "@/features/session";
import type { Reason } from "@/lib/api/types";
import { NOT_A_CHEST, POPULATION, problem, readingAnswer, suitability } from "@/lib/testing/answers";
import { FakeXhr } from "@/lib/testing/fake-xhr";
import { renderInPage, stubFetch } from "@/lib/testing/render-page";

import { ReadingPage, ReadingProvider } from ".";

// Cornerstone draws by WebGL, which these tests have none of: the page then shows the plain picture.
vi.mock("@/features/viewer/engine", () => ({
  openFilm: () => Promise.reject(new Error("There is no WebGL.")),
  chooseTool: () => undefined,
}));

const JPEG_HEAD = Uint8Array.from([0xff, 0xd8, 0xff, 0xe0]);
const answer = readingAnswer({ bacterial: 0.7, viral: 0.25, decision: "positive" });

function jpeg(name: string): File {
  return new File([JPEG_HEAD], name, { type: "image/jpeg" });
}

function renderPage() {
  const user = userEvent.setup({ applyAccept: false });
  renderInPage(
    <ReadingProvider session={new ReadingSession()}>
      <ReadingPage />
    </ReadingProvider>,
  );
  const choose = (...files: File[]) => user.upload(screen.getByLabelText("Choose radiographs"), files);
  return { user, choose };
}

beforeEach(() => {
  FakeXhr.install();
  stubFetch({
    "/models": {
      status: 200,
      body: {
        default: "pneumonia",
        models: [{ name: "pneumonia", ready: true, intended_population: POPULATION, findings: [] }],
      },
    },
  });
});

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

    const sentence = "The model finds signs of pneumonia \\(95\\s%\\), more like bacterial than viral\\.";
    expect(await screen.findByRole("heading", { name: new RegExp(sentence) })).toBeVisible();
    expect(screen.getByText(new RegExp(`chest.jpg: ${sentence}`))).toBeInTheDocument();
    expect(screen.getByText("operating point 52 %")).toBeVisible();
    expect(screen.getByText("70.0 %")).toBeVisible();
    expect(screen.getByText("25.0 %")).toBeVisible();
    expect(screen.getByText("The picture was in colour.")).toBeVisible();
    const reading = screen.getByRole("region", { name: "Reading" });
    expect(within(reading).getByText(new RegExp(POPULATION.slice(0, 24)))).toBeVisible();
    expect(screen.getByRole("img", { name: "Radiograph chest.jpg" })).toBeVisible();
  });

  it("says what remains possible, and why the model is uncertain", async () => {
    const { choose } = renderPage();
    await choose(jpeg("chest.jpg"));
    const uncertain = readingAnswer({ bacterial: 0.3, viral: 0.2, decision: "uncertain" });
    FakeXhr.of("chest.jpg").answer({ status: 200, body: uncertain });
    expect(await screen.findByRole("heading", { name: /The model cannot tell/ })).toBeVisible();
    expect(screen.getByText(/both normal and pneumonia remain possible/)).toBeVisible();
    const set = within(screen.getByRole("list", { name: "Prediction set" })).getAllByRole("listitem");
    expect(set.map((label) => label.textContent)).toEqual(["Normal possible", "Pneumonia possible"]);
  });

  it("shows no set for a model that has none", async () => {
    const { choose } = renderPage();
    await choose(jpeg("chest.jpg"));
    FakeXhr.of("chest.jpg").answer({
      status: 200,
      body: { ...answer, prediction_set: null, coverage: null, uncertain_between: null },
    });
    expect(await screen.findByText(/at or above the operating point of 52\s%/)).toBeVisible();
    expect(screen.queryByText(/cannot tell/)).not.toBeInTheDocument();
    expect(screen.queryByRole("list", { name: "Prediction set" })).not.toBeInTheDocument();
  });

  it("reads again at the operating point that is chosen, and keeps the reading in sight", async () => {
    const { user, choose } = renderPage();
    await choose(jpeg("chest.jpg"));
    FakeXhr.of("chest.jpg").answer({ status: 200, body: answer });
    const choice = await screen.findByRole("combobox", { name: "Read at" });
    await user.selectOptions(choice, screen.getByRole("option", { name: /High sensitivity/ }));
    expect(FakeXhr.of("chest.jpg").url).toBe("/predict?operating_point=sensitivity%3A0.98");
    expect(screen.getByRole("heading", { name: /finds signs/ })).toBeVisible();
    expect(screen.getByText("reading again…")).toBeVisible();
    FakeXhr.of("chest.jpg").answer({
      status: 200,
      body: {
        ...answer,
        operating_point: {
          threshold: 0.113,
          criterion: "sensitivity of 98 %",
          sensitivity: 0.98,
          specificity: 0.87,
        },
      },
    });
    expect(await screen.findByRole("heading", { name: /Operating point 11.3\s%/ })).toBeVisible();
    expect(screen.getByText(/sensitivity of 98 %/)).toBeVisible();
    expect(screen.getByText(/clears 87\s% of those without/)).toBeVisible();
    expect(screen.queryByText("reading again…")).not.toBeInTheDocument();
  });

  it("reads at a threshold of one's own, and says what it may be", async () => {
    const { user, choose } = renderPage();
    await choose(jpeg("chest.jpg"));
    FakeXhr.of("chest.jpg").answer({ status: 200, body: answer });
    await user.selectOptions(await screen.findByRole("combobox", { name: "Read at" }), "own");
    const field = screen.getByRole("textbox", { name: "Threshold in %" });
    await user.type(field, "140{Enter}");
    expect(screen.getByText("From 0 to 100.")).toBeVisible();
    expect(FakeXhr.sent).toHaveLength(1);
    await user.clear(field);
    await user.type(field, "40{Enter}");
    expect(FakeXhr.of("chest.jpg").url).toBe("/predict?operating_point=0.4");
  });

  it("says why a picture was refused and what helps; reads it all the same, with a mark", async () => {
    const { user, choose } = renderPage();
    await choose(jpeg("cat.jpg"));
    const reasons: Reason[] = [NOT_A_CHEST, { code: "colour", words: "The picture is in colour." }];
    FakeXhr.of("cat.jpg").answer({ status: 422, body: problem("unsuitable-radiograph", 422, { reasons }) });
    const listed = within(await screen.findByRole("list", { name: "Reasons" })).getAllByRole("listitem");
    expect(listed.map(({ textContent }) => textContent)).toEqual(reasons.map(({ words }) => words));
    expect(screen.getByText(/Export the film itself/)).toBeVisible();

    await user.click(screen.getByRole("button", { name: "Read it all the same" }));
    expect(FakeXhr.of("cat.jpg").url).toBe("/predict?force=true");
    const forced = suitability({ suitable: false, forced: true, reasons });
    FakeXhr.of("cat.jpg").answer({ status: 200, body: { ...answer, suitability: forced } });
    const mark = "Read on request although: No lungs can be made out in this picture.";
    const reading = screen.getByRole("region", { name: "Reading" });
    expect(await within(reading).findByText(new RegExp(mark))).toBeVisible();
    expect(screen.getByRole("button", { name: /^cat.jpg.*on request/ })).toBeVisible();
    expect(screen.getByText(new RegExp(`cat.jpg: .*${mark}`))).toBeInTheDocument();
  });

  it("turns a picture that lies upside down on request, and marks it", async () => {
    const { user, choose } = renderPage();
    await choose(jpeg("down.jpg"));
    const reasons: Reason[] = [{ code: "upside_down", words: "The picture is upside down." }];
    const refused = { status: 422, body: problem("unsuitable-radiograph", 422, { reasons }) };
    FakeXhr.of("down.jpg").answer(refused);
    await user.click(await screen.findByRole("button", { name: "Turn it and read" }));
    expect(FakeXhr.of("down.jpg").url).toBe("/predict?orient=auto");
    const warnings = ["The picture was turned by 180° before reading, as was asked for."];
    const sides = { certain: false, reasons: [{ code: "looks_mirrored" as const, words: "Mirrored?" }] };
    const image = { ...answer.image, turned_degrees: 180, warnings, sides };
    FakeXhr.of("down.jpg").answer({ status: 200, body: { ...answer, image } });
    const notes = within(await screen.findByRole("list", { name: "Notes on the picture" }));
    expect(notes.getByText(/turned by 180°/)).toBeVisible();
    expect(notes.getByText("The sides are uncertain, so none is named. Mirrored?")).toBeVisible();
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
    await screen.findByRole("button", { name: "Read it all the same" });
    expect(screen.queryByRole("button", { name: "Turn it and read" })).not.toBeInTheDocument();
    await choose(jpeg("cat.jpg"));
    FakeXhr.of("cat.jpg").answer(refused("not_a_chest"));
    await screen.findByRole("button", { name: "Read it all the same" });
    expect(screen.queryByRole("button", { name: "Turn it and read" })).not.toBeInTheDocument();
  });

  it("offers other operating points where the chosen one is refused", async () => {
    const { choose } = renderPage();
    await choose(jpeg("chest.jpg"));
    FakeXhr.of("chest.jpg").answer({ status: 422, body: problem("invalid-operating-point", 422) });
    expect(
      await screen.findByRole("heading", { name: /cannot be read at this operating point/ }),
    ).toBeVisible();
    expect(screen.getByRole("combobox", { name: "Read at" })).toBeVisible();
  });

  it("notes what was mended, and who is outside the intended population", async () => {
    const { choose } = renderPage();
    await choose(jpeg("chest.jpg"));
    const words = "Outside the intended population: the header says 54 years.";
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
    expect(await screen.findByText(/^Not checked: this server cannot tell/)).toBeVisible();
    expect(screen.getByText("The model is meant for:")).toBeVisible();
  });

  it("cancels an upload, and reads it after all", async () => {
    const { user, choose } = renderPage();
    await choose(jpeg("chest.jpg"));
    await user.click(await screen.findByRole("button", { name: "Cancel" }));
    expect(await screen.findByRole("heading", { name: "Cancelled" })).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Read it after all" }));
    FakeXhr.of("chest.jpg").answer({ status: 200, body: answer });
    expect(await screen.findByRole("heading", { name: /finds signs/ })).toBeVisible();
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
    expect(screen.getByRole("heading", { name: /finds signs/ })).toBeVisible();
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
    expect(await screen.findByRole("heading", { name: /finds signs/ })).toBeVisible();
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
