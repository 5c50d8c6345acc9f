import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it, vi } from "vitest";

import { POPULATION, problem, readingAnswer } from "@/lib/testing/answers";
import { FakeXhr } from "@/lib/testing/fake-xhr";
import { renderInPage, stubFetch } from "@/lib/testing/render-page";

import { ReadingPage, ReadingSession, SessionProvider } from ".";

const JPEG_HEAD = Uint8Array.from([0xff, 0xd8, 0xff, 0xe0]);
const answer = readingAnswer({ bacterial: 0.7, viral: 0.25, decision: "positive" });

function jpeg(name: string): File {
  return new File([JPEG_HEAD], name, { type: "image/jpeg" });
}

function renderPage() {
  const user = userEvent.setup({ applyAccept: false });
  renderInPage(
    <SessionProvider session={new ReadingSession()}>
      <ReadingPage />
    </SessionProvider>,
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
