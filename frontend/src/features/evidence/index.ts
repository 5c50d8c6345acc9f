/** Where on the film the support for a finding lies, in words, and which of it is chosen. */
export { EvidenceFocusProvider, findingInFocus, useEvidenceFocus } from "./evidence-focus";
export { EvidenceSection } from "./evidence-section";
export { regionMark } from "./evidence-words";
export { useShowEvidence } from "./use-show-evidence";
