/** Answers as the API gives them. */
import type { ModelCard, ReadingAnswer } from "@/lib/api/types";

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

export function problem(slug: string, status: number, more: Record<string, unknown> = {}) {
  return {
    type: `https://hilum.invalid/problems/${slug}`,
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
