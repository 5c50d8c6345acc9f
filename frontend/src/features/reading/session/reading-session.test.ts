import { beforeEach, describe, expect, it } from "vitest";

import { readingAnswer } from "@/lib/testing/answers";
import { FakeXhr } from "@/lib/testing/fake-xhr";

import { ReadingSession } from "./reading-session";

const answer = readingAnswer({ bacterial: 0.7, viral: 0.2, decision: "positive" });

function files(...names: string[]): File[] {
  return names.map((name) => new File(["bytes"], name));
}

function states(session: ReadingSession): string[] {
  return session.snapshot().entries.map(({ state }) => state.kind);
}

/** Lets promises that have settled be heard. */
function settle(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

beforeEach(() => {
  FakeXhr.install();
});

describe("ReadingSession", () => {
  it("has three uploads in flight at most, and starts the next as one ends", async () => {
    const session = new ReadingSession();
    session.add(files("a", "b", "c", "d"));
    expect(states(session)).toEqual(["sending", "sending", "sending", "queued"]);
    FakeXhr.of("b").answer({ status: 200, body: answer });
    await settle();
    expect(states(session)).toEqual(["sending", "done", "sending", "sending"]);
  });

  it("shows the first of the files that were added last", () => {
    const session = new ReadingSession();
    session.add(files("a"));
    session.add(files("b", "c"));
    const { entries, selectedId } = session.snapshot();
    expect(entries.find(({ id }) => id === selectedId)?.file.name).toBe("b");
  });

  it("cancels an upload in flight, and one that waits", async () => {
    const session = new ReadingSession();
    session.add(files("a", "b", "c", "d"));
    const [a, , , d] = session.snapshot().entries;
    session.cancel(d?.id ?? "");
    session.cancel(a?.id ?? "");
    await settle();
    expect(states(session)).toEqual(["cancelled", "sending", "sending", "cancelled"]);
    expect(FakeXhr.of("a").aborted).toBe(true);
    expect(FakeXhr.sent).toHaveLength(3);
  });

  it("keeps one file's failure from the others, and tries it again when asked", async () => {
    const session = new ReadingSession();
    session.add(files("a", "b"));
    FakeXhr.of("a").fail();
    FakeXhr.of("b").answer({ status: 200, body: answer });
    await settle();
    expect(states(session)).toEqual(["failed", "done"]);
    session.retry(session.snapshot().entries[0]?.id ?? "");
    FakeXhr.of("a").answer({ status: 200, body: answer });
    await settle();
    expect(states(session)).toEqual(["done", "done"]);
  });

  it("says reading once everything is sent", () => {
    const session = new ReadingSession();
    session.add(files("a"));
    FakeXhr.of("a").progress(40, 100);
    expect(session.snapshot().entries[0]?.state).toEqual({ kind: "sending", share: 0.4 });
    FakeXhr.of("a").progress(100, 100);
    expect(states(session)).toEqual(["reading"]);
  });

  it("shows a neighbour in a removed entry's place, and aborts its upload", () => {
    const session = new ReadingSession();
    session.add(files("a", "b", "c"));
    const [a, b, c] = session.snapshot().entries;
    session.select(c?.id ?? "");
    session.remove(c?.id ?? "");
    expect(session.snapshot().selectedId).toBe(b?.id);
    expect(FakeXhr.of("c").aborted).toBe(true);
    session.select(a?.id ?? "");
    session.remove(a?.id ?? "");
    expect(session.snapshot().selectedId).toBe(b?.id);
  });

  it("forgets everything when cleared, answers under way included", async () => {
    const session = new ReadingSession();
    session.add(files("a", "b", "c", "d"));
    session.clear();
    await settle();
    expect(session.snapshot()).toEqual({ entries: [], selectedId: null, lastSettledId: null });
    expect(FakeXhr.sent.every(({ aborted }) => aborted)).toBe(true);
  });
});
