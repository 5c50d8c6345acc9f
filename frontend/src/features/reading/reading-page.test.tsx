import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it, vi } from "vitest";

import { ReadingSession } from "@/features/session";
import type { Reason } from "@/lib/api/types";
import { NOT_A_CHEST, POPULATION, problem, readingAnswer, suitability, verdict } from "@/lib/testing/answers";
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

  it("says why a picture was refused and what helps; reads it all the same, with a mark", async () => {
    const { user, choose } = renderPage();
    await choose(jpeg("cat.jpg"));
    const reasons: Reason[] = [NOT_A_CHEST, { code: "colour", words: "The picture is in colour." }];
    FakeXhr.of("cat.jpg").answer({ status: 422, body: problem("unsuitable-radiograph", 422, { reasons }) });
    const listed = within(await screen.findByRole("list", { name: "Reasons" })).getAllByRole("listitem");
    expect(listed.map(({ textContent }) => textContent)).toEqual(reasons.map(({ words }) => words));
    expect(screen.getByText(/Export the film itself/)).toBeVisible();

    await user.click(screen.getByRole("button", { name: "Read it anyway" }));
    expect(FakeXhr.of("cat.jpg").url).toBe("/predict?force=true");
    const forced = suitability({ suitable: false, forced: true, reasons });
    FakeXhr.of("cat.jpg").answer({ status: 200, body: { ...answer, suitability: forced } });
    const mark = "Read on request although: No lungs can be made out in this picture.";
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
    await screen.findByRole("button", { name: "Read it anyway" });
    expect(screen.queryByRole("button", { name: "Turn it and read" })).not.toBeInTheDocument();
    await choose(jpeg("cat.jpg"));
    FakeXhr.of("cat.jpg").answer(refused("not_a_chest"));
    await screen.findByRole("button", { name: "Read it anyway" });
    expect(screen.queryByRole("button", { name: "Turn it and read" })).not.toBeInTheDocument();
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
    expect(await screen.findByRole("heading", { name: "Signs of pneumonia" })).toBeVisible();
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
