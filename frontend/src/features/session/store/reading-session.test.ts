import { beforeEach, describe, expect, it } from "vitest";

import { problem, readingAnswer } from "@/lib/testing/answers";
import { written } from "@/lib/testing/dicom-file";
import { FakeXhr } from "@/lib/testing/fake-xhr";

import { answeredOf } from "./entry";
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
    expect(session.snapshot()).toMatchObject({ entries: [], selectedId: null, lastSettledId: null });
    expect(FakeXhr.sent.every(({ aborted }) => aborted)).toBe(true);
  });
});

/** What the last request for a file asked for. */
function queryOf(name: string): Record<string, string> {
  return Object.fromEntries(new URL(FakeXhr.of(name).url, "http://page").searchParams);
}

describe("the operating point of a ReadingSession", () => {
  it("has what was read asked again, and shows the earlier reading meanwhile", async () => {
    const session = new ReadingSession();
    session.add(files("a"));
    FakeXhr.of("a").answer({ status: 200, body: answer });
    await settle();
    session.chooseOperatingPoint("sensitivity:0.98");
    expect(queryOf("a")).toEqual({ operating_point: "sensitivity:0.98" });
    expect(session.snapshot().entries.map((entry) => answeredOf(entry)?.answer)).toEqual([answer]);

    const sharper = readingAnswer({ bacterial: 0.7, viral: 0.2, decision: "uncertain" });
    FakeXhr.of("a").answer({ status: 200, body: sharper });
    await settle();
    const [a] = session.snapshot().entries;
    expect(a && answeredOf(a)?.answer).toEqual(sharper);
    expect(a?.earlier).toBeNull();
  });

  it("holds for files that are added later, and survives clearing", () => {
    const session = new ReadingSession();
    session.chooseOperatingPoint("0.4");
    session.clear();
    session.add(files("a"));
    expect(queryOf("a")).toEqual({ operating_point: "0.4" });
  });

  it("is asked again by a reading that was under way when it was chosen", async () => {
    const session = new ReadingSession();
    session.add(files("a"));
    session.chooseOperatingPoint("0.4");
    expect(FakeXhr.sent).toHaveLength(1);
    FakeXhr.of("a").answer({ status: 200, body: answer });
    await settle();
    expect(FakeXhr.sent).toHaveLength(2);
    expect(queryOf("a")).toEqual({ operating_point: "0.4" });
  });

  it("sends nothing when the same is chosen, and leaves what was not read alone", async () => {
    const session = new ReadingSession();
    session.add(files("a", "b"));
    FakeXhr.of("a").answer({ status: 200, body: answer });
    FakeXhr.of("b").answer({ status: 415, body: problem("unsupported-format", 415) });
    await settle();
    session.chooseOperatingPoint(null);
    expect(FakeXhr.sent).toHaveLength(2);
    session.chooseOperatingPoint("0.4");
    await settle();
    expect(FakeXhr.sent.map(({ fileName }) => fileName)).toEqual(["a", "b", "a"]);
  });

  it("is tried again by what another point was refused for", async () => {
    const session = new ReadingSession();
    session.chooseOperatingPoint("0.4");
    session.add(files("a"));
    FakeXhr.of("a").answer({ status: 422, body: problem("invalid-operating-point", 422) });
    await settle();
    expect(states(session)).toEqual(["failed"]);
    session.chooseOperatingPoint(null);
    expect(queryOf("a")).toEqual({});
    expect(states(session)).toEqual(["sending"]);
  });
});

describe("a radiograph that was refused as not suitable", () => {
  it("is read all the same when asked, and stays so at another operating point", async () => {
    const session = new ReadingSession();
    session.add(files("a"));
    FakeXhr.of("a").answer({ status: 422, body: problem("unsuitable-radiograph", 422) });
    await settle();
    session.readForced(session.snapshot().entries[0]?.id ?? "");
    expect(queryOf("a")).toEqual({ force: "true" });
    FakeXhr.of("a").answer({ status: 200, body: answer });
    await settle();
    session.chooseOperatingPoint("0.4");
    expect(queryOf("a")).toEqual({ force: "true", operating_point: "0.4" });
  });
});

it("asks for a turned reading once a person wants it, and keeps asking for it", async () => {
  const session = new ReadingSession();
  session.add(files("a"));
  FakeXhr.of("a").answer({ status: 422, body: problem("unsuitable-radiograph", 422) });
  await settle();
  session.readTurned(session.snapshot().entries[0]?.id ?? "");
  expect(queryOf("a")).toEqual({ orient: "auto" });
  FakeXhr.of("a").answer({ status: 200, body: answer });
  await settle();
  session.chooseOperatingPoint("0.4");
  expect(queryOf("a")).toEqual({ orient: "auto", operating_point: "0.4" });
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
