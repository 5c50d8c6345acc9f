import { createContext, type ReactNode, use, useCallback, useMemo, useState } from "react";

import { answersByModel, modelAddress } from "@/lib/api/model-readings";
import type { FindingEvidence, ReadingAnswer, RegionCode } from "@/lib/api/types";

/** Which evidence of a film is looked at: null is the main model, its main finding, and no region. */
interface Focus {
  /** Its address. */
  readonly model: string | null;
  readonly finding: FindingEvidence["finding"] | null;
  readonly region: RegionCode | null;
}

interface EvidenceFocus {
  readonly focusOf: (entryId: string) => Focus;
  readonly setFocus: (entryId: string, change: Partial<Focus>) => void;
}

const NONE: Focus = { model: null, finding: null, region: null };

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

/** A finding's evidence, and what its model answered. */
export interface EvidenceInFocus {
  readonly answer: ReadingAnswer;
  readonly finding: FindingEvidence;
}

/** The evidence that is looked at: of the model and finding chosen, else of the first model and its leading finding. */
export function evidenceInFocus(
  film: ReadingAnswer | null,
  { model, finding }: Pick<Focus, "model" | "finding">,
): EvidenceInFocus | null {
  const shown = (film ? answersByModel(film) : []).flatMap((answer) =>
    answer.evidence?.is_shown ? answer.evidence.findings.map((each) => ({ answer, finding: each })) : [],
  );
  const ofModel = shown.filter(({ answer }) => modelAddress(answer.model) === model);
  const ofOne = ofModel.length > 0 ? ofModel : shown.filter(({ answer }) => answer === shown[0]?.answer);
  const of = (code: Focus["finding"]) => ofOne.find((each) => each.finding.finding === code);
  return of(finding) ?? of(ofOne[0]?.answer.leading ?? null) ?? ofOne[0] ?? null;
}
