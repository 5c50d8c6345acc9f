/** A made-up model of four findings that do not exclude one another, and a reading of it. */
import type { FindingCode, ModelCard, ReadingAnswer, Task, Verdict } from "@/lib/api/types";

import { ofModels, readingAnswer, SETS, verdict } from "./answers";
import { evidenceAnswer, findingEvidence } from "./evidence-answers";
import { card, task, validationMetrics } from "./cards";

interface Given {
  readonly finding: FindingCode;
  readonly label: string;
  readonly code: Verdict["code"];
  readonly decision: Verdict["decision"];
  readonly probability: number;
  readonly point: number;
}

/** In the model's order, the main one first. */
const GIVEN: readonly Given[] = [
  {
    finding: "effusion",
    label: "Pleural effusion",
    code: "uncertain",
    decision: "uncertain",
    probability: 0.44,
    point: 0.4,
  },
  {
    finding: "pneumothorax",
    label: "Pneumothorax",
    code: "not_assessed",
    decision: "positive",
    probability: 0.3,
    point: 0.1,
  },
  { finding: "mass", label: "Mass", code: "positive", decision: "positive", probability: 0.6, point: 0.5 },
  {
    finding: "nodule",
    label: "Nodule",
    code: "positive",
    decision: "positive",
    probability: 0.45,
    point: 0.3,
  },
];

function verdictOf({ finding, label, point, ...given }: Given): Verdict {
  return verdict({
    ...given,
    finding,
    operating_point: point,
    uncertain_between: null,
    headline: `Headline of ${finding}`,
    short: `Short of ${finding}`,
    sentence: `Sentence of ${label.toLowerCase()}.`,
    rates_words: `Rates of ${finding}.`,
    shows_evidence: given.decision !== "negative",
  });
}

export const fourVerdicts: readonly Verdict[] = GIVEN.map(verdictOf);

/** One uncertain, which is the main one; one not assessed; two present. */
export function fourFindingsAnswer(): ReadingAnswer {
  const [main = verdict()] = fourVerdicts;
  return ofModels({
    ...readingAnswer({ bacterial: 0, viral: 0, decision: "uncertain" }),
    result: null,
    prediction: null,
    decision: main.decision,
    operating_point: {
      threshold: main.operating_point,
      criterion: "Youden's index",
      sensitivity: null,
      specificity: null,
    },
    prediction_set: ["normal", "effusion"],
    uncertain_between: null,
    findings: GIVEN.map(({ finding, label, code, decision, probability, point }) => ({
      code: finding,
      label,
      probability,
      decision,
      operating_point: point,
      prediction_set: SETS[decision],
      assessed: code !== "not_assessed",
    })),
    headline: "Signs of nodule and mass",
    leading: "nodule",
    verdicts: [...fourVerdicts],
    model: {
      name: "four",
      version: "1.0.0",
      sha256: "12".repeat(32),
      intended_population: "Adults",
      site: null,
    },
    evidence: evidenceAnswer({
      findings: [
        findingEvidence({ finding: "effusion", task: "effusion", label: "Pleural effusion" }),
        findingEvidence({
          finding: "mass",
          task: "mass",
          label: "Mass",
          sentence: "The evidence lies mainly in the left upper zone (80 %).",
          regions: [{ region: "left_upper_zone", label: "left upper zone", share: 0.8 }],
        }),
      ],
    }),
  });
}

function interval(value: number, half: number) {
  return { value, low: value - half, high: value + half };
}

function taskOf(finding: FindingCode, threshold: number, changes: Partial<Task> = {}): Task {
  const test = { ...validationMetrics, positives: 80, auroc: interval(0.9, 0.05) };
  return {
    ...task,
    finding,
    parts: [],
    operating_point: { ...task.operating_point, threshold },
    assessment: { split: "test", least_auroc: 0.7, least_positives: 15 },
    metrics: { test },
    curves: { test: task.curves["validation"] ?? never() },
    conformal: null,
    ...changes,
  };
}

function never(): never {
  throw new Error("The card of one finding has curves.");
}

/** Pneumothorax has too few positives, the AUROC of nodules reaches too low, and masses have no figures. */
export const fourFindingsCard: ModelCard = {
  ...card,
  name: "four",
  title: "Four findings in adults",
  activation: "sigmoid",
  outputs: ["effusion", "pneumothorax", "mass", "nodule"],
  calibration: { temperature: [1, 1, 1, 1], bias: [0, 0, 0, 0], fitted_on: "validation" },
  main: "effusion",
  tasks: [
    taskOf("pneumothorax", 0.1, {
      metrics: { test: { ...validationMetrics, positives: 3, auroc: interval(0.95, 0.04) } },
    }),
    taskOf("effusion", 0.4),
    taskOf("mass", 0.5, { metrics: {}, curves: {} }),
    taskOf("nodule", 0.3, {
      calibrated: false,
      metrics: { test: { ...validationMetrics, positives: 40, auroc: interval(0.72, 0.06) } },
      trials: {
        robustness: [{ words: "lowest AUROC", figure: interval(0.6, 0.1), images: 100, patients: 90 }],
      },
    }),
  ],
};
