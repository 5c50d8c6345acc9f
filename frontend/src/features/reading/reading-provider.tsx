import type { ReactNode } from "react";

import { EvidenceFocusProvider } from "@/features/evidence";
import { ShownLayersProvider } from "@/features/layers";
import { type ReadingSession, SessionProvider } from "@/features/session";

interface ReadingProviderProps {
  readonly session: ReadingSession;
  readonly children: ReactNode;
}

/** Holds the session and what is switched on above the routes, so that another page ends neither. */
export function ReadingProvider({ session, children }: ReadingProviderProps) {
  return (
    <SessionProvider session={session}>
      <ShownLayersProvider>
        <EvidenceFocusProvider>{children}</EvidenceFocusProvider>
      </ShownLayersProvider>
    </SessionProvider>
  );
}
