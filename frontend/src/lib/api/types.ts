/** Short names for what the API answers; the shapes themselves are generated from its OpenAPI document. */
import type { components } from "./schema";

export type ReadingAnswer = components["schemas"]["ReadingAnswer"];
export type FindingAnswer = ReadingAnswer["findings"][number];
export type Decision = ReadingAnswer["decision"];
export type ModelCard = components["schemas"]["Card"];
export type SplitMetrics = ModelCard["metrics"][string];
export type Interval = SplitMetrics["auroc"];
export type AnatomyCard = components["schemas"]["AnatomyCard"];
export type AnatomyAnswer = components["schemas"]["AnatomyAnswer"];
export type RatioAnswer = AnatomyAnswer["cardiothoracic_ratio"];
