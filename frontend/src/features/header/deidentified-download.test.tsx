import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";

import { saveBlob } from "@/lib/download/save-file";
import { renderInPage } from "@/lib/testing/render-page";

import { DeidentifiedDownload } from "./deidentified-download";

vi.mock("@/lib/download/save-file");

const MASKED = "Text was masked in the picture (places: 2). Not all text is found.";

function serverWarns(warning?: string) {
  const headers: HeadersInit = warning ? { Warning: `299 - "${warning}"` } : {};
  const fetched = vi.fn<typeof fetch>(() => Promise.resolve(new Response("new", { headers })));
  vi.stubGlobal("fetch", fetched);
  return fetched;
}

afterEach(() => {
  vi.unstubAllGlobals();
});

describe("a download without identity", () => {
  it("leaves the pixels as they are unless asked", async () => {
    const fetched = serverWarns();
    renderInPage(<DeidentifiedDownload file={new File(["DICM"], "film.dcm")} />);
    await userEvent.click(screen.getByRole("button", { name: "Download de-identified" }));
    expect(fetched.mock.calls[0]?.[0]).toBe("/deidentify");
    expect(screen.getByRole("status")).toHaveTextContent("Its pixels are as they were.");
    expect(saveBlob).toHaveBeenCalledOnce();
  });

  it("masks text where asked by keyboard, and says what the server does", async () => {
    const fetched = serverWarns(MASKED);
    const user = userEvent.setup();
    renderInPage(<DeidentifiedDownload file={new File(["DICM"], "film.dcm")} />);
    await user.tab();
    await user.tab();
    expect(screen.getByRole("checkbox", { name: "Mask text in the picture" })).toHaveFocus();
    await user.keyboard(" ");
    await user.click(screen.getByRole("button", { name: "Download de-identified" }));
    expect(fetched.mock.calls[0]?.[0]).toBe("/deidentify?mask_text=true");
    const said = screen.getByRole("status");
    expect(said).toHaveTextContent(MASKED);
    expect(said).not.toHaveTextContent("Its pixels are as they were.");
  });
});
