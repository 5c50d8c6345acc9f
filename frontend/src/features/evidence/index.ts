/** Where on the film the support for a finding lies, in words, and which of it is chosen. */
export {
  EvidenceFocusProvider,
  type EvidenceInFocus,
  evidenceInFocus,
  useEvidenceFocus,
} from "./evidence-focus";
export { EvidenceSection } from "./evidence-section";
export { evidenceTitle, regionMark } from "./evidence-words";
export { FindingSentences } from "./finding-sentences";
export { useShowEvidence } from "./use-show-evidence";
