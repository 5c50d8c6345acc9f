import { beforeEach, describe, expect, it, vi } from "vitest";

import { NoAnswerError } from "@/lib/api/problem";
import type { DecidedAnswer } from "@/lib/api/types";
import type { Decide } from "@/lib/api/verdicts";
import { fourFindingsAnswer } from "@/lib/testing/four-findings";
import { problem, readingAnswer, verdict } from "@/lib/testing/answers";
import { evidenceAnswer } from "@/lib/testing/evidence-answers";
import { FakeXhr } from "@/lib/testing/fake-xhr";

import { answeredOf } from "./entry";
import { ReadingSession } from "./reading-session";
import { files, queryOf, settle, states } from "./session-steps";

const answer = readingAnswer({ bacterial: 0.7, viral: 0.2, decision: "positive" });

beforeEach(() => {
  FakeXhr.install();
});

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

  it("has each finding's evidence and figures follow its own decision", async () => {
    const four = fourFindingsAnswer();
    const verdicts = four.verdicts.map((each) =>
      each.finding === "effusion"
        ? {
            ...each,
            code: "negative" as const,
            decision: "negative" as const,
            shows_evidence: false,
            operating_point: 0.5,
          }
        : each,
    );
    const decide = vi.fn<Decide>().mockResolvedValueOnce([{ ...four, verdicts }]);
    const session = new ReadingSession(undefined, decide);
    session.add(files("a"));
    FakeXhr.of("a").answer({ status: 200, body: four });
    await settle();
    await session.chooseOperatingPoint("0.5");
    const [now] = shown(session);
    expect(now?.evidence).toMatchObject({ is_shown: true, findings: [{ finding: "mass" }] });
    expect(now?.findings[0]).toMatchObject({ code: "effusion", decision: "negative", operating_point: 0.5 });
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

  it("keeps the reason why a reading is not reliable, once, and does not call it uncertain", async () => {
    const forced = verdict({ code: "forced", reliable: false, evidence_caution: "Not reliable." });
    const decide = vi.fn<Decide>().mockResolvedValueOnce([{ ...answer, verdicts: [forced] }]);
    const unsuitable = { code: "forced" as const, message: "The image failed the suitability check." };
    const session = await readOne(decide, {
      ...answer,
      evidence: evidenceAnswer({ warnings: [unsuitable] }),
    });
    await session.chooseOperatingPoint("0.4");
    expect(shown(session)[0]?.evidence?.warnings).toEqual([unsuitable]);
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
    expect(queryOf("a")).toEqual({ language: "en", operating_point: "0.4" });
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
    expect(queryOf("a")).toEqual({ language: "en" });
    expect(states(session)).toEqual(["sending"]);
  });
});
