/** A film that a model of four findings and one of pneumonia read. */
import type { ReadingAnswer } from "@/lib/api/types";

import { ofModels, readingAnswer } from "./answers";
import { evidenceAnswer, findingEvidence } from "./evidence-answers";
import { fourFindingsAnswer } from "./four-findings";

/** Of the further model, other than the main one's. */
export const HEART_EVIDENCE = evidenceAnswer({
  findings: [
    findingEvidence({
      sentence: "The evidence lies mainly in the heart shadow and lung behind it (80 %).",
      regions: [{ region: "heart", label: "heart", share: 0.8 }],
    }),
  ],
});

export function twoModelsAnswer(): ReadingAnswer {
  const pneumonia = readingAnswer({ bacterial: 0.7, viral: 0.2, decision: "positive" });
  return ofModels(fourFindingsAnswer(), { ...pneumonia, evidence: HEART_EVIDENCE });
}

/** A film that two versions of the model of four findings read. */
export function twoVersionsAnswer(): ReadingAnswer {
  const first = fourFindingsAnswer();
  return ofModels(first, { ...first, model: { ...first.model, version: "2.0.0" } });
}
