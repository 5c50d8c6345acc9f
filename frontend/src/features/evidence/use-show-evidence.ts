import { useShownLayers } from "@/features/layers";
import type { FindingEvidence } from "@/lib/api/types";

import { useEvidenceFocus } from "./evidence-focus";

/** Lays the evidence that a model has for a finding over a film of the session. */
export function useShowEvidence(
  entryId: string,
  model: string,
): (finding: FindingEvidence["finding"]) => void {
  const { setFocus } = useEvidenceFocus();
  const { show } = useShownLayers();
  return (finding) => {
    // One finding's evidence may name sides, another's not: what was marked holds for one of them.
    setFocus(entryId, { model, finding, region: null });
    show("evidence");
  };
}
