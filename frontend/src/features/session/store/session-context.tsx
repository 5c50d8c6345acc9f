import { createContext, type ReactNode, use, useSyncExternalStore } from "react";

import type { Entry } from "./entry";
import type { SessionSnapshot } from "./entry-store";
import { ReadingSession } from "./reading-session";

const SessionContext = createContext<ReadingSession | null>(null);

interface SessionProviderProps {
  readonly session: ReadingSession;
  readonly children: ReactNode;
}

/** Holds the session above the routes, so that another page does not end it. */
export function SessionProvider({ session, children }: SessionProviderProps) {
  return <SessionContext value={session}>{children}</SessionContext>;
}

export function useSession(): ReadingSession {
  const session = use(SessionContext);
  if (!session) throw new Error("useSession needs a SessionProvider above it.");
  return session;
}

export function useSessionSnapshot(): SessionSnapshot {
  const session = useSession();
  return useSyncExternalStore(session.subscribe, session.snapshot);
}

export function useSelectedEntry(): Entry | null {
  const { entries, selectedId } = useSessionSnapshot();
  return entries.find((entry) => entry.id === selectedId) ?? null;
}
