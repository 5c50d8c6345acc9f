import { beforeEach, describe, expect, it, vi } from "vitest";

import { NoAnswerError } from "@/lib/api/problem";
import type { DecidedAnswer } from "@/lib/api/types";
import type { Decide } from "@/lib/api/verdicts";
import { evidenceAnswer, problem, readingAnswer } from "@/lib/testing/answers";
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
  const sharper = readingAnswer({ bacterial: 0.7, viral: 0.2, decision: "negative" });
  const evidence = evidenceAnswer();

  /** A session with one film that was read, and what its server is asked to decide. */
  async function readOne(decide: Decide, read = { ...answer, evidence }) {
    const session = new ReadingSession(undefined, decide);
    session.add(files("a"));
    FakeXhr.of("a").answer({ status: 200, body: read });
    await settle();
    return session;
  }

  const shown = (session: ReadingSession) =>
    session.snapshot().entries.map((entry) => answeredOf(entry)?.answer);

  it("has the server decide anew on what was read, and sends no film", async () => {
    const decide = vi.fn<Decide>().mockResolvedValue([sharper]);
    const session = await readOne(decide);
    const choosing = session.chooseOperatingPoint("sensitivity:0.98");
    expect(session.snapshot()).toMatchObject({ isDeciding: true });
    await choosing;
    expect(decide).toHaveBeenCalledExactlyOnceWith([{ ...answer, evidence }], "sensitivity:0.98");
    expect(FakeXhr.sent).toHaveLength(1);
    expect(session.snapshot()).toMatchObject({ isDeciding: false, operatingPoint: "sensitivity:0.98" });
    expect(shown(session)).toMatchObject([{ decision: "negative", verdicts: sharper.verdicts }]);
  });

  it("hides the evidence of a decision that is negative now, and shows it again with the next", async () => {
    const decide = vi.fn<Decide>().mockResolvedValueOnce([sharper]).mockResolvedValueOnce([answer]);
    const session = await readOne(decide);
    await session.chooseOperatingPoint("0.95");
    expect(shown(session)).toMatchObject([{ evidence: { is_shown: false, findings: [] } }]);
    await session.chooseOperatingPoint(null);
    expect(shown(session)).toMatchObject([{ evidence }]);
  });

  it("has the evidence's caution follow the decision", async () => {
    const unsure = readingAnswer({ bacterial: 0.4, viral: 0.2, decision: "uncertain" });
    const decide = vi.fn<Decide>().mockResolvedValueOnce([unsure]).mockResolvedValueOnce([answer]);
    const whole = { code: "whole_picture" as const, message: "All of it was read." };
    const session = await readOne(decide, { ...answer, evidence: evidenceAnswer({ warnings: [whole] }) });
    await session.chooseOperatingPoint("0.95");
    const codes = () => shown(session)[0]?.evidence?.warnings.map(({ code }) => code);
    expect(codes()).toEqual(["whole_picture", "uncertain"]);
    await session.chooseOperatingPoint(null);
    expect(codes()).toEqual(["whole_picture"]);
  });

  it("takes an answer of too few decisions for a failure", async () => {
    const session = await readOne(vi.fn<Decide>().mockResolvedValue([]));
    await session.chooseOperatingPoint("0.4");
    expect(session.snapshot()).toMatchObject({
      operatingPoint: null,
      pointProblem: { name: "NoAnswerError" },
    });
    expect(shown(session)).toMatchObject([answer]);
  });

  it("loses no reading where the server does not decide", async () => {
    const failure = new NoAnswerError("x");
    const session = await readOne(() => Promise.reject(failure));
    await session.chooseOperatingPoint("0.4");
    expect(session.snapshot()).toMatchObject({
      operatingPoint: null,
      pointProblem: failure,
      isDeciding: false,
    });
    expect(shown(session)).toEqual([{ ...answer, evidence }]);
  });

  it("goes back to the point that was applied last, not to one that is still on its way", async () => {
    let decideFirst: (decided: DecidedAnswer[]) => void = () => undefined;
    const decide = vi
      .fn<Decide>()
      .mockReturnValueOnce(
        new Promise((resolve) => {
          decideFirst = resolve;
        }),
      )
      .mockRejectedValueOnce(new NoAnswerError("x"));
    const session = await readOne(decide);
    const first = session.chooseOperatingPoint("0.4");
    const second = session.chooseOperatingPoint("0.6");
    await second;
    decideFirst([sharper]);
    await first;
    expect(session.snapshot()).toMatchObject({ operatingPoint: null, isDeciding: false });
    expect(shown(session)).toEqual([{ ...answer, evidence }]);
  });

  it("keeps a reading that was to be read again and could not be", async () => {
    const session = await readOne(vi.fn<Decide>());
    session.retry(session.snapshot().entries[0]?.id ?? "");
    FakeXhr.of("a").fail();
    await settle();
    expect(states(session)).toEqual(["done"]);
    expect(session.snapshot().entries[0]?.state).toMatchObject({ problem: { name: "NoAnswerError" } });
    expect(shown(session)).toEqual([{ ...answer, evidence }]);
  });

  it("holds for files that are added later, and survives clearing", () => {
    const session = new ReadingSession();
    void session.chooseOperatingPoint("0.4");
    session.clear();
    session.add(files("a"));
    expect(queryOf("a")).toEqual({ operating_point: "0.4" });
  });

  it("is applied to a reading that was under way when it was chosen", async () => {
    const decide = vi.fn<Decide>().mockResolvedValue([sharper]);
    const session = new ReadingSession(undefined, decide);
    session.add(files("a"));
    await session.chooseOperatingPoint("0.4");
    expect(decide).not.toHaveBeenCalled();
    FakeXhr.of("a").answer({ status: 200, body: answer });
    await settle();
    expect(decide).toHaveBeenCalledExactlyOnceWith([answer], "0.4");
    expect(shown(session)).toMatchObject([{ decision: "negative" }]);
  });

  it("asks nothing when the same is chosen, and leaves what was not read alone", async () => {
    const decide = vi.fn<Decide>().mockResolvedValue([sharper]);
    const session = new ReadingSession(undefined, decide);
    session.add(files("a", "b"));
    FakeXhr.of("a").answer({ status: 200, body: answer });
    FakeXhr.of("b").answer({ status: 415, body: problem("unsupported-format", 415) });
    await settle();
    await session.chooseOperatingPoint(null);
    expect(decide).not.toHaveBeenCalled();
    await session.chooseOperatingPoint("0.4");
    expect(decide.mock.calls[0]?.[0]).toHaveLength(1);
    expect(FakeXhr.sent).toHaveLength(2);
  });

  it("is tried again by what another point was refused for", async () => {
    const session = new ReadingSession();
    void session.chooseOperatingPoint("0.4");
    session.add(files("a"));
    FakeXhr.of("a").answer({ status: 422, body: problem("invalid-operating-point", 422) });
    await settle();
    expect(states(session)).toEqual(["failed"]);
    void session.chooseOperatingPoint(null);
    expect(queryOf("a")).toEqual({});
    expect(states(session)).toEqual(["sending"]);
  });
});

describe("a radiograph that was refused as not suitable", () => {
  it("is read all the same when asked", async () => {
    const session = new ReadingSession();
    session.add(files("a"));
    FakeXhr.of("a").answer({ status: 422, body: problem("unsuitable-radiograph", 422) });
    await settle();
    session.readForced(session.snapshot().entries[0]?.id ?? "");
    expect(queryOf("a")).toEqual({ force: "true" });
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
  session.retry(session.snapshot().entries[0]?.id ?? "");
  expect(queryOf("a")).toEqual({ orient: "auto" });
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
