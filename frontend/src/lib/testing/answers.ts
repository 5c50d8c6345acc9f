/** Answers as the API gives them. */
import type { AnatomyAnswer, AnatomyCard, ModelCard, RatioAnswer, ReadingAnswer } from "@/lib/api/types";

export const POPULATION = "Children of 1 to 5 years, frontal (AP) chest radiographs";

interface Figures {
  readonly bacterial: number;
  readonly viral: number;
  readonly decision: ReadingAnswer["decision"];
}

export function findings(bacterial: number, viral: number): ReadingAnswer["findings"] {
  return [
    {
      code: "normal",
      label: "Normal",
      probability: 1 - bacterial - viral,
      operating_point: null,
      assessed: true,
    },
    {
      code: "bacterial_pneumonia",
      label: "Bacterial pneumonia",
      probability: bacterial,
      operating_point: null,
      assessed: true,
    },
    {
      code: "viral_pneumonia",
      label: "Viral pneumonia",
      probability: viral,
      operating_point: null,
      assessed: true,
    },
    {
      code: "pneumonia",
      label: "Pneumonia",
      probability: bacterial + viral,
      operating_point: 0.52,
      assessed: true,
    },
  ];
}

export function readingAnswer({ bacterial, viral, decision }: Figures): ReadingAnswer {
  return {
    result: decision === "positive" ? "Potentially Pneumonia" : "Normal",
    prediction: (100 * (bacterial + viral)).toFixed(4),
    decision,
    findings: findings(bacterial, viral),
    model: {
      name: "pneumonia",
      version: "2026.11.1",
      sha256: "ab".repeat(32),
      intended_population: POPULATION,
    },
    image: {
      sha256: "cd".repeat(32),
      format: "jpeg",
      rows: 1400,
      columns: 1800,
      view: "unknown",
      was_colour: true,
      warnings: ["The picture was in colour."],
    },
    timing_ms: { decode: 4.1, preprocess: 0.4, inference: 2, total: 7 },
    notice: "For research and education. Not a medical device: a person decides.",
  };
}

/** The ratio of a PA film of an adult, by the file's own word. */
export function ratioAnswer(changes: Partial<RatioAnswer> = {}): RatioAnswer {
  return {
    value: 0.44,
    valid: true,
    reason: null,
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
    quality: [],
    model: { name: "anatomy", version: "2026.11.0", sha256: "ef".repeat(32) },
    milliseconds: 6,
    ...changes,
  };
}

export function problem(slug: string, status: number, more: Record<string, unknown> = {}) {
  return {
    type: `/problems/${slug}`,
    title: `Title of ${slug}`,
    status,
    detail: `Detail of ${slug}.`,
    request_id: "request-7",
    ...more,
  };
}

function interval(value: number) {
  return { value, low: value - 0.01, high: value + 0.005 };
}

export const card: ModelCard = {
  kind: "classifier",
  schema_version: 1,
  name: "pneumonia",
  title: "Pneumonia in children",
  version: "2026.11.1",
  created: "2026-11-21",
  intended_use: "Research and education.",
  intended_population: POPULATION,
  preprocessing: { input_size_px: 224, fit: "stretch", normalisation: "standardise", clip: 3 },
  findings: ["normal", "bacterial_pneumonia", "viral_pneumonia"],
  composites: { pneumonia: ["bacterial_pneumonia", "viral_pneumonia"] },
  target: "pneumonia",
  calibration: { temperature: 1, bias: [0, 0, 0], fitted_on: "validation" },
  operating_points: {
    pneumonia: { threshold: 0.524, criterion: "Youden's index", chosen_on: "the tuning patients" },
  },
  files: { "model.keras": "ef".repeat(32) },
  parameters: 1_234_567,
  training_data: [
    {
      name: "A data set",
      licence: "CC BY 4.0",
      source: "https://data.example/set",
      citation: "Someone, 2018.",
    },
  ],
  training: {},
  metrics: {
    validation: {
      patients: 468,
      images: 742,
      auroc: interval(0.991),
      accuracy: interval(0.962),
      sensitivity: interval(0.971),
      specificity: interval(0.944),
      brier: interval(0.031),
      expected_calibration_error: interval(0.014),
      bacterial_against_viral_auroc: null,
      confusion: {},
    },
  },
  limits: ["One hospital alone."],
};

const anatomyMetrics: AnatomyCard["metrics"][string] = {
  images: 66,
  not_credible: 1,
  dice: { right_lung: interval(0.975), left_lung: interval(0.965), heart: interval(0.93) },
  hausdorff95_px: { right_lung: interval(6.1), left_lung: interval(8.2), heart: interval(14.3) },
  cardiothoracic_ratio: {
    mae: interval(0.015),
    bias: interval(-0.001),
    limits_of_agreement: [interval(-0.05), interval(0.05)],
  },
};

export const anatomyCard: AnatomyCard = {
  kind: "anatomy",
  schema_version: 1,
  name: "anatomy",
  title: "Lungs and heart",
  version: "2026.11.0",
  created: "2026-11-21",
  intended_use: card.intended_use,
  intended_population: "Frontal chest radiographs; the ratio on PA films of adults",
  preprocessing: card.preprocessing,
  files: card.files,
  parameters: 658_696,
  training_data: card.training_data,
  training: {},
  limits: ["Outlined on films of adults."],
  organs: ["right_lung", "left_lung", "heart"],
  metrics: { validation: anatomyMetrics, test: anatomyMetrics, test_jsrt: anatomyMetrics },
};
