import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";

import { problem } from "@/lib/testing/answers";
import { renderInPage } from "@/lib/testing/render-page";

import { ReceivedPage } from ".";

const failed = {
  id: 7,
  received: "2026-11-28T10:00:00Z",
  origin: "c-store",
  state: "failed",
  reason: "Reading failed three times.",
  attempts: 3,
  size_bytes: 8_400_000,
  sop_instance_uid: "1.2.3",
  study_instance_uid: "1.2",
  readings: [],
};
const lateral = {
  ...failed,
  id: 8,
  state: "ignored",
  reason: "a lateral film",
  attempts: 0,
  size_bytes: null,
};
const undelivered = {
  id: 3,
  reading_id: "r",
  format: "sr",
  peer: "PACS",
  state: "given_up",
  attempts: 40,
  created: "2026-11-20T10:00:00Z",
  next_try: "2026-11-27T10:00:00Z",
  size_bytes: 2000,
  reason: "The receiver refused it.",
};

type Row = { readonly id: number; readonly state: string };

/** A server that holds these rows; `refuses` answers every action with a problem. */
function stubServer({ arrivals = [] as Row[], deliveries = [] as Row[], refuses = false } = {}) {
  const held = { arrivals: [...arrivals], deliveries: [...deliveries] };
  const sent: string[] = [];
  vi.stubGlobal("fetch", (request: Request) => {
    const { pathname, searchParams } = new URL(request.url);
    const kind = pathname.split("/")[1] as keyof typeof held;
    if (request.method !== "GET") {
      sent.push(`${request.method} ${pathname}`);
      if (refuses) {
        return Promise.resolve(new Response(JSON.stringify(problem("wrong-state", 409)), { status: 409 }));
      }
      held[kind] = held[kind].filter(({ id }) => id !== Number(pathname.split("/")[2]));
      const body = request.method === "POST" ? "{}" : null;
      return Promise.resolve(new Response(body, { status: body ? 202 : 204 }));
    }
    const states = searchParams.getAll("state");
    const rows = held[kind].filter(({ state }) => states.includes(state));
    return Promise.resolve(new Response(JSON.stringify({ [kind]: rows, total: rows.length })));
  });
  return sent;
}

function section(name: RegExp) {
  return within(screen.getByRole("region", { name }));
}

it("lists what failed, what was ignored and what was not delivered, each with its reason", async () => {
  stubServer({ arrivals: [failed, lateral], deliveries: [undelivered] });
  renderInPage(<ReceivedPage />);
  expect(await section(/quarantine/).findByText("Reading failed three times.")).toBeVisible();
  expect(section(/quarantine/).getByText(/by C-STORE · 3 attempts · 8.4 MB/)).toBeVisible();
  expect(section(/quarantine/).queryByText("A lateral film")).not.toBeInTheDocument();
  expect(await section(/by rule/).findByText("A lateral film")).toBeVisible();
  expect(section(/by rule/).queryByRole("button", { name: "Read again" })).not.toBeInTheDocument();
  expect(await section(/Not delivered/).findByText(/SR to PACS .* 40 attempts/)).toBeVisible();
});

it("says that there is nothing", async () => {
  stubServer();
  renderInPage(<ReceivedPage />);
  expect(await screen.findByText("No object is in quarantine.")).toBeVisible();
  expect(await screen.findByText("No delivery was given up.")).toBeVisible();
});

it("reads again, sends again, and takes the entry off its list", async () => {
  const sent = stubServer({ arrivals: [failed], deliveries: [undelivered] });
  renderInPage(<ReceivedPage />);
  await userEvent.click(await screen.findByRole("button", { name: "Read again" }));
  expect(await screen.findByText("No object is in quarantine.")).toBeVisible();
  await userEvent.click(screen.getByRole("button", { name: "Send again" }));
  expect(await screen.findByText("No delivery was given up.")).toBeVisible();
  expect(sent).toEqual(["POST /arrivals/7/retry", "POST /deliveries/3/retry"]);
});

it("asks before it discards, with the safe answer focused", async () => {
  const sent = stubServer({ arrivals: [failed] });
  renderInPage(<ReceivedPage />);
  await userEvent.click(await screen.findByRole("button", { name: "Discard" }));
  const question = within(screen.getByRole("group", { name: "Discard this file for good?" }));
  expect(question.getByRole("button", { name: "Keep" })).toHaveFocus();
  await userEvent.click(question.getByRole("button", { name: "Keep" }));
  expect(screen.getByRole("button", { name: "Discard" })).toHaveFocus();
  await userEvent.keyboard("{Enter}{Escape}");
  expect(screen.getByRole("button", { name: "Discard" })).toHaveFocus();
  expect(sent).toEqual([]);
  await userEvent.click(screen.getByRole("button", { name: "Discard" }));
  const asked = within(screen.getByRole("group", { name: "Discard this file for good?" }));
  await userEvent.click(asked.getByRole("button", { name: "Discard" }));
  expect(await screen.findByText("No object is in quarantine.")).toBeVisible();
  expect(sent).toEqual(["DELETE /arrivals/7"]);
  expect(screen.getByRole("heading", { name: /quarantine/ })).toHaveFocus();
});

it("says how much is waiting to be read and to be sent", async () => {
  const waiting = { ...undelivered, state: "waiting" };
  stubServer({
    arrivals: [{ ...failed, state: "arrived" }],
    deliveries: [waiting, { ...waiting, id: 4 }],
  });
  renderInPage(<ReceivedPage />);
  const words = "1 object is waiting to be read or being read. 2 results are waiting to be sent.";
  expect(await screen.findByText(words)).toBeVisible();
});

it("says why an action was refused, and keeps the entry", async () => {
  stubServer({ arrivals: [failed], refuses: true });
  renderInPage(<ReceivedPage />);
  await userEvent.click(await screen.findByRole("button", { name: "Read again" }));
  await waitFor(() => {
    expect(section(/quarantine/).getByRole("status")).toHaveTextContent("Detail of wrong-state");
  });
  expect(screen.getByText("Reading failed three times.")).toBeVisible();
});
