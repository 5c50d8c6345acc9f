/** Cards of models as the API gives them. */
import type { AnatomyCard, Curves, ModelCard, Task } from "@/lib/api/types";

import { POPULATION } from "./answers";

function interval(value: number) {
  return { value, low: value - 0.01, high: value + 0.005 };
}

/** Curves of ten patients with pneumonia and ten without, with figures that are easily worked out. */
export const curves: Curves = {
  roc: [
    { threshold: 1, sensitivity: 0, specificity: 1 },
    { threshold: 0.8, sensitivity: 0.6, specificity: 1 },
    { threshold: 0.52, sensitivity: 0.9, specificity: 0.9 },
    { threshold: 0.2, sensitivity: 1, specificity: 0.5 },
    { threshold: 0, sensitivity: 1, specificity: 0 },
  ],
  precision_recall: [
    { recall: 0.6, precision: 1 },
    { recall: 0.9, precision: 0.9 },
    { recall: 1, precision: 0.5 },
  ],
  reliability: [
    { predicted: 0.1, observed: 0, count: 8 },
    { predicted: 0.9, observed: 1, count: 12 },
  ],
  histogram: {
    edges: Array.from({ length: 21 }, (_, edge) => edge / 20),
    positive: Array.from({ length: 20 }, (_, bin) => (bin === 18 ? 9 : bin === 7 ? 1 : 0)),
    negative: Array.from({ length: 20 }, (_, bin) => (bin === 1 ? 9 : bin === 12 ? 1 : 0)),
  },
  decision: [
    { threshold: 0.02, model: 0.49, treat_all: 0.49 },
    { threshold: 0.5, model: 0.4, treat_all: 0 },
    { threshold: 0.98, model: 0.1, treat_all: -24 },
  ],
};

export const validationMetrics: Task["metrics"][string] = {
  patients: 468,
  images: 742,
  positives: 371,
  auroc: interval(0.991),
  accuracy: interval(0.962),
  sensitivity: interval(0.971),
  specificity: interval(0.944),
  brier: interval(0.031),
  expected_calibration_error: interval(0.014),
  parts_auroc: null,
  auprc: interval(0.993),
  conformal_coverage_positive: interval(0.951),
  conformal_coverage_negative: interval(0.948),
  uncertain_share: { value: 0.042, low: 0.03, high: 0.06 },
  confusion: {},
};

export const task: Task = {
  finding: "pneumonia",
  parts: ["bacterial_pneumonia", "viral_pneumonia"],
  calibrated: true,
  operating_point: { threshold: 0.524, criterion: "Youden's index", chosen_on: "the tuning patients" },
  conformal: {
    coverage: 0.95,
    quantiles: { absent: 0.61, present: 0.55 },
    fitted_on: "the tuning patients",
  },
  intended: null,
  assessment: { split: "test", least_auroc: 0.7, least_positives: 0 },
  metrics: { validation: validationMetrics },
  curves: { validation: curves },
  across_acquisitions: {},
  worst_group: null,
  trials: {},
};

export const card: ModelCard = {
  kind: "classifier",
  schema_version: 2,
  name: "pneumonia",
  title: "Pneumonia in children",
  version: "2026.11.1",
  created: "2026-11-21",
  intended_use: "Research and education.",
  intended_population: POPULATION,
  preprocessing: {
    input_size_px: 224,
    region: "lung_field",
    fit: "stretch",
    normalisation: "standardise",
    clip: 3,
  },
  input: { layout: "NHWC", channels: 1, range: null },
  source: "model.keras",
  compiled: [{ file: "model.onnx", precision: "float32", changes: {} }],
  activation: "softmax",
  outputs: ["normal", "bacterial_pneumonia", "viral_pneumonia"],
  calibration: { temperature: [1, 1, 1], bias: [0, 0, 0], fitted_on: "validation" },
  main: "pneumonia",
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
  limits: ["One hospital alone."],
  tasks: [task],
  labels: { unknown: "ignore", uncertain: "ignore" },
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
  schema_version: 2,
  name: "anatomy",
  title: "Lungs and heart",
  version: "2026.11.0",
  created: "2026-11-21",
  intended_use: card.intended_use,
  intended_population: "Frontal chest radiographs; the ratio on PA films of adults",
  preprocessing: card.preprocessing,
  input: card.input,
  source: card.source,
  compiled: card.compiled,
  files: card.files,
  parameters: 658_696,
  training_data: card.training_data,
  training: {},
  limits: ["Outlined on films of adults."],
  gate: { least: 0.3, near: 0.8, chosen: "validation" },
  adult: { slope: 1, offset: 0, unknown: [0.1, 0.9], chosen: "validation" },
  ap: { slope: 1, offset: 0, unknown: [0.1, 0.9], chosen: "validation" },
  children: {
    test: {
      images: 648,
      not_outlined: 3,
      outside: interval(0.04),
      over_a_tenth: interval(0.03),
      covered: interval(0.95),
    },
  },
  pictures: {
    test: {
      accepted: { jsrt: interval(1), lateral_chest: interval(0.02) },
      counts: { jsrt: 39, lateral_chest: 8 },
      adult_auroc: interval(0.99),
      adult_unknown: interval(0.02),
      adult_wrong: interval(0.01),
      ap_auroc: interval(0.98),
      ap_unknown: null,
      ap_wrong: null,
    },
  },
  organs: ["right_lung", "left_lung", "heart"],
  metrics: { validation: anatomyMetrics, test: anatomyMetrics, test_jsrt: anatomyMetrics },
};
