import { type LeftOut, NOTHING_LEFT_OUT } from "../files/gather";
import type { Entry, EntryState } from "./entry";

export interface SessionSnapshot {
  readonly entries: readonly Entry[];
  readonly selectedId: string | null;
  /** The entry that was last read or refused, which is what gets announced. */
  readonly lastSettledId: string | null;
  /** The operating point that readings are asked at, as the API takes it; null for the model's own. */
  readonly operatingPoint: string | null;
  /** The addresses of the models that films are read by from now on, the main one first; null for the server's default. */
  readonly models: readonly string[] | null;
  /** Decisions at another operating point are on their way. */
  readonly isDeciding: boolean;
  /** Why the operating point that was chosen last was not applied; null where it was. */
  readonly pointProblem: unknown;
  /** How many files have been looked at of what was given; null while nothing is looked through. */
  readonly inspectedCount: number | null;
  /** What of folders and archives is not on the list. */
  readonly leftOut: LeftOut;
}

export const EMPTY: SessionSnapshot = {
  entries: [],
  selectedId: null,
  lastSettledId: null,
  operatingPoint: null,
  models: null,
  isDeciding: false,
  pointProblem: null,
  inspectedCount: null,
  leftOut: NOTHING_LEFT_OUT,
};

/** Holds a snapshot of the session, and tells those who look at it when another has taken its place. */
export class EntryStore {
  #snapshot = EMPTY;
  readonly #listeners = new Set<() => void>();

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly snapshot = (): SessionSnapshot => this.#snapshot;

  protected get current(): SessionSnapshot {
    return this.#snapshot;
  }

  protected setState(id: string, state: EntryState): void {
    this.change(id, { state });
  }

  protected change(id: string, changes: Partial<Entry>): void {
    this.publish({
      entries: this.#snapshot.entries.map((entry) => (entry.id === id ? { ...entry, ...changes } : entry)),
    });
  }

  protected publish(changes: Partial<SessionSnapshot>): void {
    this.#snapshot = { ...this.#snapshot, ...changes };
    for (const listener of this.#listeners) listener();
  }

  protected find(id: string): Entry | undefined {
    return this.#snapshot.entries.find((entry) => entry.id === id);
  }
}
