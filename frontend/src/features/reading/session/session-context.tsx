import { createContext, type ReactNode, use, useSyncExternalStore } from "react";

import { EvidenceFocusProvider } from "../evidence/evidence-focus";
import { ShownLayersProvider } from "../film/layers/shown-layers";
import type { Entry } from "./entry";
import { ReadingSession, type SessionSnapshot } from "./reading-session";

const SessionContext = createContext<ReadingSession | null>(null);

interface SessionProviderProps {
  readonly session: ReadingSession;
  readonly children: ReactNode;
}

/** Holds the session and what is switched on above the routes, so that another page ends neither. */
export function SessionProvider({ session, children }: SessionProviderProps) {
  return (
    <SessionContext value={session}>
      <ShownLayersProvider>
        <EvidenceFocusProvider>{children}</EvidenceFocusProvider>
      </ShownLayersProvider>
    </SessionContext>
  );
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
