/** What the page keeps of a DICOM header while its file is on the list: nothing that says who. */
import type { DicomFile } from "./data-set";
import { code, items, numbers, text, word } from "./elements";
import { DICOMDIR, notARadiograph } from "./objects";

export interface RadiographFacts {
  /** Unique identifiers, to group by; they are never shown. */
  readonly studyUid: string;
  readonly seriesUid: string;
  readonly seriesNumber: number | null;
  readonly instanceNumber: number | null;
  readonly modality: string | null;
  readonly view: string | null;
  /** As the header has it, YYYYMMDD; shown when asked for. */
  readonly studyDate: string;
  readonly isDirectory: boolean;
  /** What it holds in place of one radiograph, such as "a report". */
  readonly holdsInstead: string | null;
}

/** File-set ID and Directory Record Sequence, which a DICOMDIR alone has (PS3.3 F.3). */
const DIRECTORY_TAGS = ["x00041130", "x00041220"];

const LATERAL = "Lateral";
const VIEWS: Readonly<Record<string, string>> = {
  PA: "PA",
  AP: "AP",
  LL: LATERAL,
  RL: LATERAL,
  LLD: LATERAL,
  RLD: LATERAL,
  LATERAL,
  LAT: LATERAL,
};
/** View Code Sequence, CID 4010: SNOMED CT and the SRT codes of older files. */
const VIEW_CODES: Readonly<Record<string, string>> = {
  "272479007": "PA",
  "R-10214": "PA",
  "399348003": "AP",
  "R-10206": "AP",
  "399067008": LATERAL,
  "R-10228": LATERAL,
  "399173006": LATERAL,
  "R-10236": LATERAL,
  "399198007": LATERAL,
  "R-10232": LATERAL,
};

/** View Position (PS3.3 C.8.1.1, C.8.11.5), else View Code Sequence. */
export function readView({ dataSet }: DicomFile): string | null {
  const position = VIEWS[code(dataSet, "x00185101") ?? ""];
  if (position !== undefined) return position;
  const [viewCode] = items(dataSet, "x00540220");
  return viewCode ? (VIEW_CODES[text(viewCode, "x00080100")] ?? null) : null;
}

export function radiographFacts(file: DicomFile): RadiographFacts {
  const { dataSet, transferSyntax } = file;
  const sopClass = text(dataSet, "x00080016") || text(dataSet, "x00020002");
  return {
    studyUid: text(dataSet, "x0020000d"),
    seriesUid: text(dataSet, "x0020000e"),
    seriesNumber: numbers(dataSet, "x00200011")[0] ?? null,
    instanceNumber: numbers(dataSet, "x00200013")[0] ?? null,
    modality: code(dataSet, "x00080060"),
    view: readView(file),
    studyDate: text(dataSet, "x00080020"),
    isDirectory: sopClass === DICOMDIR || DIRECTORY_TAGS.some((tag) => tag in dataSet.elements),
    holdsInstead: notARadiograph({
      sopClass,
      transferSyntax,
      frames: numbers(dataSet, "x00280008")[0] ?? 1,
      hasPicture: word(dataSet, "x00280010") !== null && word(dataSet, "x00280011") !== null,
    }),
  };
}
