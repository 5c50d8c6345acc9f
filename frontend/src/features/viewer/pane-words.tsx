import type { ReactNode } from "react";

import { evidenceInFocus, evidenceTitle, useEvidenceFocus } from "@/features/evidence";
import { useShownLayers } from "@/features/layers";
import { answerOf, type Entry, stateWords } from "@/features/session";

import { Legend } from "./overlay/legend";
import styles from "./viewer.module.css";

interface CaptionProps {
  readonly entry: Entry;
  readonly children?: ReactNode;
}

/** Which of two films this is, and what was read in it. */
export function Caption({ entry, children }: CaptionProps) {
  return (
    <div className={styles.caption}>
      {children ?? <span className={styles.name}>{entry.file.name}</span>}
      <span>{stateWords(entry.state).words}</span>
    </div>
  );
}

/** The legend of the film's evidence, while it is shown. */
export function EvidenceLegend({ entry }: { readonly entry: Entry }) {
  const { shown, opacity } = useShownLayers();
  const { focusOf } = useEvidenceFocus();
  const answer = answerOf(entry);
  const inFocus = evidenceInFocus(answer, focusOf(entry.id));
  if (!shown.has("evidence") || !inFocus?.finding.map || inFocus.finding.map.maximum === 0) return null;
  return <Legend title={evidenceTitle(answer, inFocus)} opacity={opacity.evidence} />;
}
