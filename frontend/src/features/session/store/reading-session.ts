import { CancelledError, ProblemError } from "@/lib/api/problem";
import { readRadiograph } from "@/lib/api/upload";

import { isDrawable } from "../files/file-kind";
import { gather, type LeftOut, NOTHING_LEFT_OUT } from "../files/gather";
import { inspectFile, type InspectedFile } from "../files/inspect-file";
import { inReadingOrder } from "../files/reading-order";
import { type Entry, type EntryState, isUnderWay } from "./entry";
import { newEntry } from "./new-entry";

export interface SessionSnapshot {
  readonly entries: readonly Entry[];
  readonly selectedId: string | null;
  /** The entry that was last read or refused, which is what gets announced. */
  readonly lastSettledId: string | null;
  /** The operating point that readings are asked at, as the API takes it; null for the model's own. */
  readonly operatingPoint: string | null;
  /** How many files have been looked at of what was given; null while nothing is looked through. */
  readonly inspectedCount: number | null;
  /** What of folders and archives is not on the list. */
  readonly leftOut: LeftOut;
}

const MAX_IN_FLIGHT = 3;
const EMPTY: SessionSnapshot = {
  entries: [],
  selectedId: null,
  lastSettledId: null,
  operatingPoint: null,
  inspectedCount: null,
  leftOut: NOTHING_LEFT_OUT,
};

/** Whether an entry's outcome depends on the operating point: it was read, or the point was refused. */
function dependsOnOperatingPoint({ state }: Entry): boolean {
  if (state.kind === "done") return true;
  return (
    state.kind === "failed" &&
    state.error instanceof ProblemError &&
    state.error.slug === "invalid-operating-point"
  );
}

/**
 * The radiographs of this session, in memory alone: a reload forgets them.
 *
 * A store outside React, since uploads go on while components come and go.
 */
export class ReadingSession {
  #snapshot = EMPTY;
  #nextNumber = 1;
  readonly #listeners = new Set<() => void>();
  readonly #inFlight = new Map<string, AbortController>();
  readonly #read: typeof readRadiograph;
  #gathering = new AbortController();
  /** What was given first is looked through first. */
  #taking = Promise.resolve();

  constructor(read: typeof readRadiograph = readRadiograph) {
    this.#read = read;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly snapshot = (): SessionSnapshot => this.#snapshot;

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
    this.#publish({
      entries: [...this.#snapshot.entries, ...added],
      selectedId: (added.find(({ state }) => state.kind !== "skipped") ?? added[0])?.id ?? null,
    });
    for (const entry of added) if (entry.fileKind === null) void this.#inspect(entry);
    this.#startQueued();
  };

  /** Stops looking through what was given, and every reading that is not there yet. */
  readonly stop = (): void => {
    this.#stopGathering();
    const underWay = this.#snapshot.entries.filter(({ state }) => isUnderWay(state));
    // Those that wait first: else each that ends would start another.
    for (const { id } of underWay.toReversed()) this.cancel(id);
  };

  readonly select = (id: string): void => {
    this.#publish({ selectedId: id });
  };

  /** Stops an upload; what the server has begun to read it may finish, unseen. */
  readonly cancel = (id: string): void => {
    const flight = this.#inFlight.get(id);
    if (flight) flight.abort();
    else this.#settle(id, { kind: "cancelled" });
  };

  readonly retry = (id: string): void => {
    const entry = this.#find(id);
    if (!entry || isUnderWay(entry.state)) return;
    this.#requeue(entry);
    this.#startQueued();
  };

  /** Reads a radiograph that was refused as not suitable; the answer says that it was asked for. */
  readonly readForced = (id: string): void => {
    this.#change(id, { isForced: true });
    this.retry(id);
  };

  /** Turns a radiograph upright that was refused as lying otherwise, and reads it. */
  readonly readTurned = (id: string): void => {
    this.#change(id, { isTurned: true });
    this.retry(id);
  };

  /** Asks again, at another operating point, for every radiograph that was read. */
  readonly chooseOperatingPoint = (operatingPoint: string | null): void => {
    if (operatingPoint === this.#snapshot.operatingPoint) return;
    this.#publish({ operatingPoint });
    for (const entry of this.#snapshot.entries.filter(dependsOnOperatingPoint)) this.#requeue(entry);
    this.#startQueued();
  };

  /** Forgets an entry; its neighbour is shown in its place. */
  readonly remove = (id: string): void => {
    const { entries, selectedId, lastSettledId } = this.#snapshot;
    const entry = this.#find(id);
    if (!entry) return;
    const left = entries.filter((other) => other.id !== id);
    const shown = inReadingOrder(entries);
    const place = shown.indexOf(entry);
    const neighbour = (shown[place + 1] ?? shown[place - 1])?.id ?? null;
    this.#publish({
      entries: left,
      selectedId: selectedId === id ? neighbour : selectedId,
      lastSettledId: lastSettledId === id ? null : lastSettledId,
    });
    this.#inFlight.get(id)?.abort();
    if (entry.pictureUrl) URL.revokeObjectURL(entry.pictureUrl);
  };

  readonly clear = (): void => {
    const { entries, operatingPoint } = this.#snapshot;
    this.#stopGathering();
    this.#publish({ ...EMPTY, operatingPoint });
    for (const entry of entries) {
      this.#inFlight.get(entry.id)?.abort();
      if (entry.pictureUrl) URL.revokeObjectURL(entry.pictureUrl);
    }
  };

  async #gather(files: readonly File[], signal: AbortSignal): Promise<void> {
    try {
      signal.throwIfAborted();
      this.#publish({ inspectedCount: 0, leftOut: NOTHING_LEFT_OUT });
      const { found, leftOut } = await gather(files, {
        signal,
        onProgress: (inspectedCount) => {
          if (!signal.aborted) this.#publish({ inspectedCount });
        },
      });
      signal.throwIfAborted();
      this.#publish({ leftOut });
      this.add(found);
    } catch (error) {
      // Stopped by a person.
      if (!signal.aborted) throw error;
    } finally {
      this.#publish({ inspectedCount: null });
    }
  }

  #stopGathering(): void {
    this.#gathering.abort();
    this.#gathering = new AbortController();
  }

  /** Finds out what a file is, and makes its picture where the browser can draw it. */
  async #inspect({ id, file }: Entry): Promise<void> {
    const { fileKind, facts } = await inspectFile(file);
    if (!this.#find(id)) return;
    const pictureUrl = isDrawable(fileKind) ? URL.createObjectURL(file) : null;
    this.#change(id, { fileKind, facts, pictureUrl });
  }

  #startQueued(): void {
    for (const entry of this.#snapshot.entries) {
      if (this.#inFlight.size >= MAX_IN_FLIGHT) return;
      if (entry.state.kind === "queued" && !this.#inFlight.has(entry.id)) void this.#send(entry);
    }
  }

  /** Has an entry wait for its turn once more; what was read before is shown meanwhile. */
  #requeue({ id, state, earlier }: Entry): void {
    if (this.#snapshot.lastSettledId === id) this.#publish({ lastSettledId: null });
    this.#change(id, { state: { kind: "queued" }, earlier: state.kind === "done" ? state : earlier });
  }

  async #send({ id, file, isForced, isTurned }: Entry): Promise<void> {
    const flight = new AbortController();
    const { operatingPoint } = this.#snapshot;
    this.#inFlight.set(id, flight);
    this.#setState(id, { kind: "sending", share: 0 });
    let outcome: EntryState;
    try {
      const answer = await this.#read(file, {
        signal: flight.signal,
        operatingPoint,
        force: isForced,
        turnUpright: isTurned,
        onProgress: (share) => {
          this.#setState(id, share < 1 ? { kind: "sending", share } : { kind: "reading" });
        },
      });
      outcome = { kind: "done", answer, readAt: new Date() };
    } catch (error) {
      outcome = error instanceof CancelledError ? { kind: "cancelled" } : { kind: "failed", error };
    }
    this.#inFlight.delete(id);
    this.#settle(id, outcome);
    const settled = this.#find(id);
    // Another operating point was chosen while this was under way.
    if (settled && operatingPoint !== this.#snapshot.operatingPoint && dependsOnOperatingPoint(settled)) {
      this.#requeue(settled);
    }
    this.#startQueued();
  }

  #settle(id: string, state: EntryState): void {
    if (!this.#find(id)) return;
    this.#change(id, { state, earlier: null });
    this.#publish({ lastSettledId: id });
  }

  #setState(id: string, state: EntryState): void {
    this.#change(id, { state });
  }

  #change(id: string, changes: Partial<Entry>): void {
    this.#publish({
      entries: this.#snapshot.entries.map((entry) => (entry.id === id ? { ...entry, ...changes } : entry)),
    });
  }

  #publish(changes: Partial<SessionSnapshot>): void {
    this.#snapshot = { ...this.#snapshot, ...changes };
    for (const listener of this.#listeners) listener();
  }

  #find(id: string): Entry | undefined {
    return this.#snapshot.entries.find((entry) => entry.id === id);
  }
}
