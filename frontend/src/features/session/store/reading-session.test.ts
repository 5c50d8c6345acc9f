import { beforeEach, describe, expect, it } from "vitest";

import { problem, readingAnswer } from "@/lib/testing/answers";
import { written } from "@/lib/testing/dicom-file";
import { FakeXhr } from "@/lib/testing/fake-xhr";

import { ReadingSession } from "./reading-session";
import { files, queryOf, settle, states } from "./session-steps";

const answer = readingAnswer({ bacterial: 0.7, viral: 0.2, decision: "positive" });

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
    expect(session.snapshot()).toMatchObject({ entries: [], selectedId: null, lastSettledId: null });
    expect(FakeXhr.sent.every(({ aborted }) => aborted)).toBe(true);
  });
});

describe("a radiograph that was refused as not suitable", () => {
  it("is read all the same when asked", async () => {
    const session = new ReadingSession();
    session.add(files("a"));
    FakeXhr.of("a").answer({ status: 422, body: problem("unsuitable-radiograph", 422) });
    await settle();
    session.readForced(session.snapshot().entries[0]?.id ?? "");
    expect(queryOf("a")).toEqual({ language: "en", force: "true" });
  });
});

it("asks for a turned reading once a person wants it, and keeps asking for it", async () => {
  const session = new ReadingSession();
  session.add(files("a"));
  FakeXhr.of("a").answer({ status: 422, body: problem("unsuitable-radiograph", 422) });
  await settle();
  session.readTurned(session.snapshot().entries[0]?.id ?? "");
  expect(queryOf("a")).toEqual({ language: "en", orient: "auto" });
  FakeXhr.of("a").answer({ status: 200, body: answer });
  await settle();
  session.retry(session.snapshot().entries[0]?.id ?? "");
  expect(queryOf("a")).toEqual({ language: "en", orient: "auto" });
});

describe("files taken in by a ReadingSession", () => {
  const REPORT = written(
    ["00080016", "UI", "1.2.840.10008.5.1.4.1.1.88.33"],
    ["0020000d", "UI", "1.2.3"],
    ["0020000e", "UI", "1.2.3.9"],
  );

  it("are never sent where their header says that they hold no radiograph", async () => {
    const session = new ReadingSession();
    await session.take([new File([REPORT], "report.dcm"), new File(["words"], "notes.txt")]);
    const found = session.snapshot().entries.map(({ file, state }) => [file.name, state.kind]);
    expect(found).toEqual([
      ["report.dcm", "skipped"],
      ["notes.txt", "sending"],
    ]);
    expect(FakeXhr.sent.map(({ fileName }) => fileName)).toEqual(["notes.txt"]);
  });

  it("are all kept when more are given while the first are looked through", async () => {
    const session = new ReadingSession();
    const first = session.take(files("a.txt"));
    await session.take(files("b.txt"));
    await first;
    expect(session.snapshot().entries.map(({ file }) => file.name)).toEqual(["a.txt", "b.txt"]);
    expect(session.snapshot().inspectedCount).toBeNull();
  });

  it("are let go when they are stopped while they are looked through", async () => {
    const session = new ReadingSession();
    const taking = session.take(files("a.txt"));
    session.stop();
    await taking;
    expect(session.snapshot()).toMatchObject({ entries: [], inspectedCount: null });
  });

  it("can be stopped, those that wait as well as those on their way", async () => {
    const session = new ReadingSession();
    session.add(files("a", "b", "c", "d", "e"));
    session.stop();
    await settle();
    expect(new Set(states(session))).toEqual(new Set(["cancelled"]));
    expect(FakeXhr.sent).toHaveLength(3);
  });
});
