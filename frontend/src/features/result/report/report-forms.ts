import type { FileKind } from "@/features/session";
import type { ReportFormat } from "@/lib/api/types";
import { FORM_USES, FORMS_FOR_A_STUDY, FORMS_FOR_ANY_FILE, LANGUAGE } from "@/lib/words/catalogue";

export interface ReportForm {
  readonly format: ReportFormat;
  readonly label: string;
  readonly use: string;
}

/** Forms by their codes, each with its label; a test of the server holds the catalogue to its registry. */
function formsIn(labels: Readonly<Record<string, string>>): ReportForm[] {
  return Object.entries(labels).map(([code, label]) => ({
    format: code as ReportFormat,
    label,
    use: FORM_USES[code] ?? "",
  }));
}

/** The forms that a report of such a file can take, beside the page to print. */
export function formsFor(kind: FileKind | null): readonly ReportForm[] {
  return [...(kind === "dicom" ? formsIn(FORMS_FOR_A_STUDY) : []), ...formsIn(FORMS_FOR_ANY_FILE)];
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
