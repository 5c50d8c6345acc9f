/** What the API answers of evidence. */
import type { EvidenceAnswer, FindingEvidence } from "@/lib/api/types";

/** A finding's evidence, most of it in the right lower zone. */
export function findingEvidence(changes: Partial<FindingEvidence> = {}): FindingEvidence {
  return {
    finding: "pneumonia",
    task: "pneumonia",
    label: "Pneumonia",
    is_assessed: true,
    regions: [
      { region: "right_lower_zone", label: "right lower zone", share: 0.62 },
      { region: "heart", label: "heart shadow and lung behind it", share: 0.31 },
      { region: "outside_lungs_and_heart", label: "area outside lungs and heart", share: 0.07 },
    ],
    sentence:
      "The evidence lies mainly in the right lower zone (62 %) and in the heart shadow and lung behind it (31 %).",
    patient_sentence: "The colours show what the answer is based on.",
    share_in_chest: 0.93,
    peak: { x: 500, y: 1000, region: "right_lower_zone" },
    contours: [
      {
        level: 0.5,
        polygons: [
          [
            [400, 900],
            [600, 900],
            [600, 1050],
          ],
        ],
      },
    ],
    map: {
      png: "",
      rows: 4,
      columns: 4,
      box: { left: 200, top: 100, right: 1000, bottom: 1100 },
      maximum: 3.5,
    },
    overlay: null,
    ...changes,
  };
}

export function evidenceAnswer(changes: Partial<EvidenceAnswer> = {}): EvidenceAnswer {
  return {
    is_shown: true,
    reason: null,
    message: null,
    warnings: [],
    rows: 1400,
    columns: 1800,
    findings: [
      findingEvidence(),
      findingEvidence({
        finding: "viral_pneumonia",
        label: "Viral pneumonia",
        is_assessed: false,
        sentence: "The evidence lies mainly in the heart shadow and lung behind it (80 %).",
        regions: [{ region: "heart", label: "heart shadow and lung behind it", share: 0.8 }],
      }),
    ],
    ...changes,
  };
}
