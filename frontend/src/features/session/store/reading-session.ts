import { answersByModel } from "@/lib/api/model-readings";
import { CancelledError, NoAnswerError, ProblemError } from "@/lib/api/problem";
import { readRadiograph } from "@/lib/api/upload";
import { type Decide, decideAgain } from "@/lib/api/verdicts";

import { isDrawable } from "../files/file-kind";
import { gather, NOTHING_LEFT_OUT } from "../files/gather";
import { inspectFile, type InspectedFile } from "../files/inspect-file";
import { inReadingOrder } from "../files/reading-order";
import { withDecisions } from "./apply-decisions";
import { type Answered, type Entry, type EntryState, isUnderWay } from "./entry";
import { EMPTY, EntryStore } from "./entry-store";
import { newEntry } from "./new-entry";

const MAX_IN_FLIGHT = 3;
/** Whether an entry was refused for its operating point alone. */
function isRefusedForItsPoint({ state }: Entry): boolean {
  return (
    state.kind === "failed" &&
    state.error instanceof ProblemError &&
    state.error.slug === "invalid-operating-point"
  );
}

/** What comes of a reading that failed: a reading that was there before stays. */
function failure(error: unknown, earlier: Answered | null): EntryState {
  if (error instanceof CancelledError) return earlier ? { kind: "done", ...earlier } : { kind: "cancelled" };
  return earlier ? { kind: "done", ...earlier, problem: error } : { kind: "failed", error };
}

/**
 * The radiographs of this session, in memory alone: a reload forgets them.
 *
 * A store outside React, since uploads go on while components come and go.
 */
export class ReadingSession extends EntryStore {
  #nextNumber = 1;
  readonly #inFlight = new Map<string, AbortController>();
  readonly #read: typeof readRadiograph;
  readonly #decide: Decide;
  /** How many choices of an operating point are on their way. */
  #deciding = 0;
  /** The operating point of the readings as they are, for a choice that fails. */
  #applied: string | null = null;
  #gathering = new AbortController();
  /** What was given first is looked through first. */
  #taking = Promise.resolve();

  constructor(read: typeof readRadiograph = readRadiograph, decide: Decide = decideAgain) {
    super();
    this.#read = read;
    this.#decide = decide;
  }

  /** Takes in whatever was dropped: looks through folders and archives, then reads what is in them. */
  readonly take = (files: readonly File[]): Promise<void> => {
    // A picture by its type is looked at while it is on its way.
    if (files.every(({ type }) => type.startsWith("image/"))) {
      this.add(files);
      return Promise.resolve();
    }
    const { signal } = this.#gathering;
    const taking = this.#taking.then(() => this.#gather(files, signal));
    this.#taking = taking.catch(() => undefined);
    return taking;
  };

  /** Queues files to be read, and shows the first of them. */
  readonly add = (files: readonly (File | InspectedFile)[]): void => {
    if (files.length === 0) return;
    const added = files.map((each) => newEntry(`reading-${this.#nextNumber++}`, each));
    this.publish({
      entries: [...this.current.entries, ...added],
      selectedId: (added.find(({ state }) => state.kind !== "skipped") ?? added[0])?.id ?? null,
    });
    for (const entry of added) if (entry.fileKind === null) void this.#inspect(entry);
    this.#startQueued();
  };

  /** Stops looking through what was given, and every reading that is not there yet. */
  readonly stop = (): void => {
    this.#stopGathering();
    const underWay = this.current.entries.filter(({ state }) => isUnderWay(state));
    // Those that wait first: else each that ends would start another.
    for (const { id } of underWay.toReversed()) this.cancel(id);
  };

  readonly select = (id: string): void => {
    this.publish({ selectedId: id });
  };

  /** Keeps a small picture of a film that was opened in the viewer. */
  readonly keepThumbnail = (id: string, thumbnailUrl: string): void => {
    if (this.find(id)) this.change(id, { thumbnailUrl });
  };

  /** Stops an upload; what the server has begun to read it may finish, unseen. */
  readonly cancel = (id: string): void => {
    const flight = this.#inFlight.get(id);
    if (flight) flight.abort();
    else this.#settle(id, { kind: "cancelled" });
  };

  readonly retry = (id: string): void => {
    const entry = this.find(id);
    if (!entry || isUnderWay(entry.state)) return;
    this.#requeue(entry);
    this.#startQueued();
  };

  /** Reads a radiograph that was refused as not suitable; the answer says that it was asked for. */
  readonly readForced = (id: string): void => {
    this.change(id, { isForced: true });
    this.retry(id);
  };

  /** Turns a radiograph upright that was refused as lying otherwise, and reads it. */
  readonly readTurned = (id: string): void => {
    this.change(id, { isTurned: true });
    this.retry(id);
  };

  /** Has other models read the films that come from now on; those that were read stay as they are. */
  readonly chooseModels = (models: readonly string[] | null): void => {
    this.publish({ models });
  };

  /** Decides anew, at another operating point, on every radiograph that was read; none is sent again. */
  readonly chooseOperatingPoint = async (operatingPoint: string | null): Promise<void> => {
    const { operatingPoint: before, entries } = this.current;
    if (operatingPoint === before) return;
    if (this.#deciding === 0) this.#applied = before;
    this.publish({ operatingPoint, pointProblem: null });
    for (const entry of entries.filter(isRefusedForItsPoint)) this.#requeue(entry);
    this.#startQueued();
    const read = entries.filter(({ state }) => state.kind === "done").map(({ id }) => id);
    if (read.length === 0) return;
    this.publish({ isDeciding: ++this.#deciding > 0 });
    try {
      await this.#decideOn(read, operatingPoint);
    } catch (pointProblem) {
      // Nothing is lost: readings and their operating point stay as they were.
      if (this.current.operatingPoint === operatingPoint) {
        this.publish({ operatingPoint: this.#applied, pointProblem });
      }
    } finally {
      this.publish({ isDeciding: --this.#deciding > 0 });
    }
  };

  /** Forgets an entry; its neighbour is shown in its place. */
  readonly remove = (id: string): void => {
    const { entries, selectedId, lastSettledId } = this.current;
    const entry = this.find(id);
    if (!entry) return;
    const left = entries.filter((other) => other.id !== id);
    const shown = inReadingOrder(entries);
    const place = shown.indexOf(entry);
    const neighbour = (shown[place + 1] ?? shown[place - 1])?.id ?? null;
    this.publish({
      entries: left,
      selectedId: selectedId === id ? neighbour : selectedId,
      lastSettledId: lastSettledId === id ? null : lastSettledId,
    });
    this.#inFlight.get(id)?.abort();
    if (entry.pictureUrl) URL.revokeObjectURL(entry.pictureUrl);
  };

  readonly clear = (): void => {
    const { entries, operatingPoint, models } = this.current;
    this.#stopGathering();
    this.publish({ ...EMPTY, operatingPoint, models });
    for (const entry of entries) {
      this.#inFlight.get(entry.id)?.abort();
      if (entry.pictureUrl) URL.revokeObjectURL(entry.pictureUrl);
    }
  };

  async #gather(files: readonly File[], signal: AbortSignal): Promise<void> {
    try {
      signal.throwIfAborted();
      this.publish({ inspectedCount: 0, leftOut: NOTHING_LEFT_OUT });
      const { found, leftOut } = await gather(files, {
        signal,
        onProgress: (inspectedCount) => {
          if (!signal.aborted) this.publish({ inspectedCount });
        },
      });
      signal.throwIfAborted();
      this.publish({ leftOut });
      this.add(found);
    } catch (error) {
      // Stopped by a person.
      if (!signal.aborted) throw error;
    } finally {
      this.publish({ inspectedCount: null });
    }
  }

  #stopGathering(): void {
    this.#gathering.abort();
    this.#gathering = new AbortController();
  }

  /** Finds out what a file is, and makes its picture where the browser can draw it. */
  async #inspect({ id, file }: Entry): Promise<void> {
    const { fileKind, facts } = await inspectFile(file);
    if (!this.find(id)) return;
    const pictureUrl = isDrawable(fileKind) ? URL.createObjectURL(file) : null;
    this.change(id, { fileKind, facts, pictureUrl });
  }

  #startQueued(): void {
    for (const entry of this.current.entries) {
      if (this.#inFlight.size >= MAX_IN_FLIGHT) return;
      if (entry.state.kind === "queued" && !this.#inFlight.has(entry.id)) void this.#send(entry);
    }
  }

  /** Has an entry wait for its turn once more; what was read before is shown meanwhile. */
  #requeue({ id, state, earlier }: Entry): void {
    if (this.current.lastSettledId === id) this.publish({ lastSettledId: null });
    this.change(id, { state: { kind: "queued" }, earlier: state.kind === "done" ? state : earlier });
  }

  async #send({ id, file, isForced, isTurned, earlier }: Entry): Promise<void> {
    const flight = new AbortController();
    const { operatingPoint, models } = this.current;
    this.#inFlight.set(id, flight);
    this.setState(id, { kind: "sending", share: 0 });
    let outcome: EntryState;
    try {
      const answer = await this.#read(file, {
        signal: flight.signal,
        operatingPoint,
        models,
        force: isForced,
        turnUpright: isTurned,
        onProgress: (share) => {
          this.setState(id, share < 1 ? { kind: "sending", share } : { kind: "reading" });
        },
      });
      outcome = { kind: "done", answer, readAt: new Date() };
    } catch (error) {
      outcome = failure(error, earlier);
    }
    this.#inFlight.delete(id);
    this.#settle(id, outcome);
    this.#catchUp(id, operatingPoint);
    this.#startQueued();
  }

  /** Brings a reading to the operating point that was chosen while it was under way. */
  #catchUp(id: string, readAt: string | null): void {
    const { operatingPoint } = this.current;
    const settled = this.find(id);
    if (!settled || operatingPoint === readAt) return;
    if (isRefusedForItsPoint(settled)) this.#requeue(settled);
    else if (settled.state.kind === "done") {
      this.#decideOn([id], operatingPoint).catch((pointProblem: unknown) => {
        this.publish({ pointProblem });
      });
    }
  }

  async #decideOn(ids: readonly string[], operatingPoint: string | null): Promise<void> {
    const asked = ids.map((id) => this.find(id)?.state).filter((state) => state?.kind === "done");
    const readings = asked.map(({ answer }) => answersByModel(answer));
    const decided = await this.#decide(readings.flat(), operatingPoint);
    if (decided.length !== readings.flat().length)
      throw new NoAnswerError("The server decided on fewer readings.");
    // Another one was chosen meanwhile: its decisions are on their way.
    if (this.current.operatingPoint !== operatingPoint) return;
    this.#applied = operatingPoint;
    // What is on the screen is announced, not what was read last.
    const { selectedId } = this.current;
    if (selectedId !== null && ids.includes(selectedId)) this.publish({ lastSettledId: selectedId });
    let start = 0;
    for (const [index, state] of asked.entries()) {
      const own = decided.slice(start, (start += readings[index]?.length ?? 0));
      const entry = this.current.entries.find((each) => each.state === state);
      if (entry) this.setState(entry.id, { kind: "done", ...withDecisions(state, own) });
    }
  }

  #settle(id: string, state: EntryState): void {
    if (!this.find(id)) return;
    this.change(id, { state, earlier: null });
    this.publish({ lastSettledId: id });
  }
}
