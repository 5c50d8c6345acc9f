/** Answers as the API gives them. */
import type { Decision, EvidenceAnswer, ReadingAnswer, Reason, Suitability, Verdict } from "@/lib/api/types";

export const POPULATION = "Children of 1 to 5 years, frontal (AP) chest radiographs";

interface Figures {
  readonly bacterial: number;
  readonly viral: number;
  readonly decision: Decision;
}

function output(
  code: ReadingAnswer["findings"][number]["code"],
  label: string,
  probability: number,
): ReadingAnswer["findings"][number] {
  return {
    code,
    label,
    probability,
    decision: null,
    operating_point: null,
    prediction_set: null,
    assessed: true,
  };
}

export function findings(
  bacterial: number,
  viral: number,
  decision: Decision = "positive",
): ReadingAnswer["findings"] {
  return [
    output("normal", "Normal", 1 - bacterial - viral),
    output("bacterial_pneumonia", "Bacterial pneumonia", bacterial),
    output("viral_pneumonia", "Viral pneumonia", viral),
    {
      ...output("pneumonia", "Pneumonia", bacterial + viral),
      decision,
      operating_point: 0.52,
      prediction_set: SETS[decision],
    },
  ];
}

/** What is left possible where a decision was taken, or was not. */
export const SETS: Record<Decision, Verdict["prediction_set"]> = {
  positive: ["present"],
  negative: ["absent"],
  uncertain: ["absent", "present"],
};

/** The same by the codes of findings, as the top of a reading has it. */
const CODE_SETS: Record<Decision, ReadingAnswer["prediction_set"]> = {
  positive: ["pneumonia"],
  negative: ["normal"],
  uncertain: ["normal", "pneumonia"],
};

const HEADLINES: Record<Decision, string> = {
  positive: "Signs of pneumonia",
  negative: "No sign of pneumonia",
  uncertain: "Uncertain: the model cannot tell",
};

/** A verdict of what is decided, reliable where nothing else is asked for. */
export function verdict(changes: Partial<Verdict> = {}): Verdict {
  const decision = changes.decision ?? "positive";
  const probability = changes.probability ?? 0.9;
  return {
    finding: "pneumonia",
    code: decision,
    reliable: true,
    decision,
    probability,
    operating_point: 0.52,
    prediction_set: SETS[decision],
    prediction_set_shown: true,
    coverage: 0.95,
    coverage_measured: [],
    uncertain_between: [0.31, 0.624],
    rates: {
      sensitivity: { value: 0.971, low: 0.95, high: 0.98 },
      specificity: { value: 0.944, low: 0.93, high: 0.96 },
      uncertain_positive: { value: 0.02, low: 0.01, high: 0.03 },
      uncertain_negative: { value: 0.03, low: 0.02, high: 0.04 },
      measured_on: "test",
      patients: 425,
    },
    shows_evidence: decision !== "negative",
    evidence_caution: decision === "uncertain" ? "The reading is uncertain, and so is its evidence." : null,
    headline: HEADLINES[decision],
    short: `${HEADLINES[decision]}, ${Math.round(100 * probability)} %`,
    sentence: `Probability of pneumonia ${(100 * probability).toFixed(1)} %.`,
    leaning: null,
    rates_words: "Of films with pneumonia, 97.1 % are decided positive.",
    coverage_words: "Held the truth for 96 % of films with pneumonia.",
    patient_sentence: `For patients: ${decision}.`,
    cautions: [],
    ...changes,
  };
}

export function suitability(changes: Partial<Suitability> = {}): Suitability {
  return {
    suitable: true,
    forced: false,
    reasons: [],
    notes: [],
    population: {
      intended: null,
      words: `Intended population: ${POPULATION}. Neither the file nor the picture shows whether this patient belongs to it.`,
    },
    ...changes,
  };
}

export const NOT_A_CHEST: Reason = {
  code: "not_a_chest",
  words: "No lungs can be made out in this picture.",
};

export function readingAnswer(figures: Figures): ReadingAnswer {
  return ofModels(onlyReading(figures));
}

/** The answer of a film that several models read: the first one's fields are at the top. */
export function ofModels(main: OneModelAnswer, ...further: OneModelAnswer[]): ReadingAnswer {
  return {
    ...main,
    readings: [modelReading(main), ...further.map((each) => modelReading(each, each.evidence))],
  };
}

/** A reading of one model, before it is one of an answer's. */
export type OneModelAnswer = Omit<ReadingAnswer, "readings">;

function modelReading(
  {
    result,
    prediction,
    result_assessed,
    decision,
    operating_point,
    prediction_set,
    coverage,
    ...answer
  }: OneModelAnswer,
  evidence: EvidenceAnswer | null = null,
): ReadingAnswer["readings"][number] {
  const { uncertain_between, headline, leading, verdicts, findings: told, model } = answer;
  const population = (answer.suitability ?? suitability()).population;
  return {
    result,
    prediction,
    result_assessed,
    decision,
    operating_point,
    prediction_set,
    coverage,
    uncertain_between,
    headline,
    leading,
    verdicts,
    findings: told,
    model,
    population,
    evidence,
  };
}

function onlyReading({ bacterial, viral, decision }: Figures): OneModelAnswer {
  return {
    result: decision === "positive" ? "Potentially Pneumonia" : "Normal",
    prediction: (100 * (bacterial + viral)).toFixed(4),
    result_assessed: true,
    result_model: "pneumonia",
    selection: null,
    decision,
    findings: findings(bacterial, viral, decision),
    operating_point: {
      threshold: 0.52,
      criterion: "largest sensitivity + specificity - 1 (Youden)",
      sensitivity: 0.971,
      specificity: 0.944,
    },
    prediction_set: CODE_SETS[decision],
    coverage: 0.95,
    uncertain_between: [0.31, 0.624],
    headline: HEADLINES[decision],
    leading: "pneumonia",
    verdicts: [verdict({ decision, probability: bacterial + viral })],
    suitability: suitability(),
    model: {
      name: "pneumonia",
      version: "2026.11.1",
      sha256: "ab".repeat(32),
      intended_population: POPULATION,
      site: null,
    },
    image: {
      sha256: "cd".repeat(32),
      format: "jpeg",
      rows: 1400,
      columns: 1800,
      view: "unknown",
      estimated_view: "unknown",
      was_colour: true,
      warnings: ["The picture was in colour."],
      turned_degrees: 0,
      to_file: {
        rows: 1400,
        columns: 1800,
        matrix: [
          [1, 0, 0],
          [0, 1, 0],
        ],
        mirrored: false,
        turned_degrees: 0,
      },
      sides: { certain: true, reasons: [] },
    },
    timing_ms: { decode: 4.1, anatomy: 6, preprocess: 0.4, inference: 2, total: 7 },
    notice: "For research and education. Not a medical device: a person decides.",
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
