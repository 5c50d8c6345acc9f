/** Short names for what the API answers; the shapes themselves are generated from its OpenAPI document. */
import type { components } from "./schema";

type Schemas = components["schemas"];

export type ReadingAnswer = Schemas["ReadingAnswer"];
export type FindingAnswer = ReadingAnswer["findings"][number];
export type Decision = ReadingAnswer["decision"];
export type DecidedAnswer = Schemas["DecidedAnswer"];
export type Verdict = ReadingAnswer["verdicts"][number];
export type VerdictCode = Verdict["code"];
export type OperatingPointAnswer = ReadingAnswer["operating_point"];
export type Suitability = NonNullable<ReadingAnswer["suitability"]>;
export type Reason = Suitability["reasons"][number];
export type ModelSummary = Schemas["ModelSummary"];
export type ModelCard = Schemas["Card"];
export type Task = ModelCard["tasks"][number];
export type FindingCode = Task["finding"];
export type SplitMetrics = Task["metrics"][string];
export type Curves = Task["curves"][string];
export type Interval = Schemas["Interval"];
export type AnatomyCard = Schemas["AnatomyCard"];
export type AnatomyAnswer = Schemas["AnatomyAnswer"];
export type RatioAnswer = AnatomyAnswer["cardiothoracic_ratio"];
export type EvidenceAnswer = Schemas["EvidenceAnswer"];
export type FindingEvidence = EvidenceAnswer["findings"][number];
export type EvidenceMap = NonNullable<FindingEvidence["map"]>;
export type RegionCode = FindingEvidence["regions"][number]["region"];
export type Polygons = AnatomyAnswer["heart"]["polygons"];
export type ReportFormat = Schemas["Format"];
