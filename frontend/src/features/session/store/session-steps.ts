/** What tests of a session do and look at. */
import { FakeXhr } from "@/lib/testing/fake-xhr";

import type { ReadingSession } from "./reading-session";

export function files(...names: string[]): File[] {
  return names.map((name) => new File(["bytes"], name));
}

export function states(session: ReadingSession): string[] {
  return session.snapshot().entries.map(({ state }) => state.kind);
}

/** Lets promises that have settled be heard. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

/** What the last request for a file asked for. */
export function queryOf(name: string): Record<string, string> {
  return Object.fromEntries(new URL(FakeXhr.of(name).url, "http://page").searchParams);
}
