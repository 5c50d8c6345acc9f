import type { FileKind } from "@/features/session";
import type { ReportFormat } from "@/lib/api/types";
import { LANGUAGE } from "@/lib/words/catalogue";

export interface ReportForm {
  readonly format: ReportFormat;
  readonly label: string;
  readonly use: string;
}

const FOR_ANY: readonly ReportForm[] = [
  { format: "fhir", label: "FHIR bundle", use: "DiagnosticReport (R4)" },
  { format: "json", label: "All figures", use: "of this report, JSON" },
];

const FOR_A_STUDY: readonly ReportForm[] = [
  { format: "sr", label: "Structured report", use: "DICOM SR, TID 1500" },
  { format: "seg", label: "Segmentation", use: "DICOM SEG: lungs, heart, evidence" },
  { format: "sc", label: "Picture with evidence", use: "DICOM secondary capture" },
  { format: "dicom-pdf", label: "The page, in the study", use: "DICOM encapsulated PDF" },
];

/** The forms that a report of such a file can take, beside the page to print. */
export function formsFor(kind: FileKind | null): readonly ReportForm[] {
  return kind === "dicom" ? [...FOR_A_STUDY, ...FOR_ANY] : FOR_ANY;
}

interface ReportOptions {
  /** Of the models that read, the main one first. */
  readonly models: readonly string[];
  readonly operatingPoint: string | null;
  readonly isForced: boolean;
  readonly isTurned: boolean;
}

/** Where a report is asked for: of the same reading as is shown. */
export function reportAddress(
  format: ReportFormat,
  { models, operatingPoint, isForced, isTurned }: ReportOptions,
): string {
  const query = new URLSearchParams({ format, language: LANGUAGE });
  for (const name of models) query.append("model", name);
  if (operatingPoint) query.set("operating_point", operatingPoint);
  if (isForced) query.set("force", "true");
  if (isTurned) query.set("orient", "auto");
  return `/report?${query}`;
}
