/** What the API answers of lungs and heart. */
import type { AnatomyAnswer, RatioAnswer } from "@/lib/api/types";

/** The ratio of a PA film of an adult, by the file's own word. */
export function ratioAnswer(changes: Partial<RatioAnswer> = {}): RatioAnswer {
  return {
    value: 0.44,
    valid: true,
    reason: null,
    caveats: [],
    size: "not_enlarged",
    size_words: "Not enlarged: at most 0.50 on an upright PA film of an adult.",
    mean_absolute_error: 0.015,
    heart_mm: null,
    thorax_mm: null,
    lines: {
      heart: [
        [720, 900],
        [1282, 900],
      ],
      thorax: [
        [263, 1073],
        [1539, 1073],
      ],
    },
    ...changes,
  };
}

function organ(left: number, right: number): AnatomyAnswer["heart"] {
  const polygon: [number, number][] = [
    [left, 200],
    [right, 200],
    [right, 1100],
    [left, 1100],
  ];
  return { area: (right - left) * 900, area_mm2: null, polygons: [polygon] };
}

export function anatomyAnswer(changes: Partial<AnatomyAnswer> = {}): AnatomyAnswer {
  return {
    cardiothoracic_ratio: ratioAnswer(),
    right_lung: organ(263, 800),
    left_lung: organ(1020, 1539),
    heart: organ(720, 1282),
    lung_asymmetry: 0.11,
    tilt_degrees: 0.4,
    quarter_turns: 0,
    lung_field: { left: 200, top: 120, right: 1600, bottom: 1180 },
    picture: {
      kind: "frontal_chest",
      frontal_chest_probability: 0.999,
      adult_probability: 0.99,
      ap_probability: 0.02,
    },
    quality: [],
    model: { name: "anatomy", version: "2026.11.0", sha256: "ef".repeat(32) },
    milliseconds: 6,
    ...changes,
  };
}
