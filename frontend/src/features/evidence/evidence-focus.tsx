import { createContext, type ReactNode, use, useCallback, useMemo, useState } from "react";

import type { FindingEvidence, ReadingAnswer, RegionCode } from "@/lib/api/types";

/** Which evidence of a reading is looked at: null is the main finding, and no region. */
interface Focus {
  readonly finding: FindingEvidence["finding"] | null;
  readonly region: RegionCode | null;
}

interface EvidenceFocus {
  readonly focusOf: (entryId: string) => Focus;
  readonly setFocus: (entryId: string, change: Partial<Focus>) => void;
}

const NONE: Focus = { finding: null, region: null };

const EvidenceFocusContext = createContext<EvidenceFocus | null>(null);

/** Holds, for each film of the session, whose evidence is shown and which region is marked. */
export function EvidenceFocusProvider({ children }: { readonly children: ReactNode }) {
  const [focuses, setFocuses] = useState<Readonly<Record<string, Focus>>>({});
  const focusOf = useCallback((entryId: string) => focuses[entryId] ?? NONE, [focuses]);
  const setFocus = useCallback((entryId: string, change: Partial<Focus>) => {
    setFocuses((before) => ({ ...before, [entryId]: { ...(before[entryId] ?? NONE), ...change } }));
  }, []);
  const focus = useMemo(() => ({ focusOf, setFocus }), [focusOf, setFocus]);
  return <EvidenceFocusContext value={focus}>{children}</EvidenceFocusContext>;
}

export function useEvidenceFocus(): EvidenceFocus {
  const focus = use(EvidenceFocusContext);
  if (!focus) throw new Error("useEvidenceFocus needs an EvidenceFocusProvider above it.");
  return focus;
}

/** The evidence that is looked at: of the finding chosen, else of the first. */
export function findingInFocus(answer: ReadingAnswer | null, { finding }: Focus): FindingEvidence | null {
  const findings = answer?.evidence?.is_shown ? answer.evidence.findings : [];
  return findings.find((each) => each.finding === finding) ?? findings[0] ?? null;
}
