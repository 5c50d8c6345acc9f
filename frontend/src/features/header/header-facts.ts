/** What of a header matters to who reads the film. */
import type { DicomFile } from "@/lib/dicom/data-set";
import { code, text } from "@/lib/dicom/elements";
import { readSpacing, SPACING_WORDS } from "@/lib/dicom/pixel-spacing";
import { readView } from "@/lib/dicom/radiograph-facts";

export type HeaderFact = readonly [name: string, words: string];

const SEXES: Readonly<Record<string, string>> = { F: "female", M: "male", O: "other" };
const LATERALITIES: Readonly<Record<string, string>> = { R: "right", L: "left", B: "both", U: "unpaired" };
const UNITS: Readonly<Record<string, string>> = { Y: "year", M: "month", W: "week", D: "day" };

const OLDEST_YEARS = 125;

/** An age string such as 034Y or 6M (PS3.5 6.2, AS) in words; null where nobody has it, or it is none. */
export function ageWords(age: string): string | null {
  const found = /^(\d{1,3}) ?([YMWD])$/.exec(age.trim().toUpperCase());
  const unit = UNITS[found?.[2] ?? ""];
  if (!found || unit === undefined) return null;
  const count = Number(found[1]);
  if (unit === "year" && count > OLDEST_YEARS) return null;
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}

function spacingWords(file: DicomFile): string | null {
  const spacing = readSpacing(file.dataSet);
  if (!spacing) return null;
  const { rowMm, columnMm, origin } = spacing;
  // To a micrometre; a binary fraction's tail is left out.
  const [row, column] = [rowMm, columnMm].map((each) => String(Number(each.toFixed(4))));
  return `${row === column ? row : `${row} × ${column}`} mm, ${SPACING_WORDS[origin]}`;
}

const NOT_STATED = "not stated";

export function headerFacts(file: DicomFile): HeaderFact[] {
  const { dataSet } = file;
  const laterality = code(dataSet, "x00200062") ?? code(dataSet, "x00200060") ?? "";
  const burnedIn = code(dataSet, "x00280301");
  const facts: [string, string | null | undefined][] = [
    ["Modality", code(dataSet, "x00080060")],
    ["View", readView(file)],
    ["Laterality", LATERALITIES[laterality]],
    ["Body part", code(dataSet, "x00180015")?.toLowerCase()],
    ["Age", ageWords(text(dataSet, "x00101010"))],
    ["Sex", SEXES[code(dataSet, "x00100040") ?? ""]],
    ["Pixel spacing", spacingWords(file)],
    ["Burned-in annotation", { YES: "yes: it may name the patient", NO: "no" }[burnedIn ?? ""]],
  ];
  return facts.map(([name, words]) => [name, words ?? NOT_STATED]);
}
