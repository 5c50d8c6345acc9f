import { useShownLayers } from "@/features/layers";
import type { FindingEvidence } from "@/lib/api/types";

import { useEvidenceFocus } from "./evidence-focus";

/** Lays a finding's evidence over a film of the session. */
export function useShowEvidence(entryId: string): (finding: FindingEvidence["finding"]) => void {
  const { setFocus } = useEvidenceFocus();
  const { show } = useShownLayers();
  return (finding) => {
    setFocus(entryId, { finding });
    show("evidence");
  };
}
