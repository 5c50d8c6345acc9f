/** How a stored picture is laid to be displayed, as the service lays it. */
import { opposite, type PatientOrientation } from "./patient-orientation";

/** One of the eight ways to lay a picture along its axes. */
export interface Orientation {
  /** The stored picture is mirrored, left for right, before it is turned. */
  readonly isMirrored: boolean;
  /** How often it is then turned clockwise, 0 to 3. */
  readonly quarterTurns: number;
}

type Point = readonly [x: number, y: number];

interface Size {
  readonly columns: number;
  readonly rows: number;
}

export const AS_STORED: Orientation = { isMirrored: false, quarterTurns: 0 };

const ORIENTATIONS: readonly Orientation[] = [false, true].flatMap((isMirrored) =>
  [0, 1, 2, 3].map((quarterTurns) => ({ isMirrored, quarterTurns })),
);

/** A displayed picture's size of a stored one's, or the other way round. */
export function laidSize({ quarterTurns }: Orientation, { columns, rows }: Size): Size {
  return quarterTurns % 2 === 1 ? { columns: rows, rows: columns } : { columns, rows };
}

/** Takes a point from the displayed picture to the stored one; both begin at a pixel's corner. */
export function toStored({ isMirrored, quarterTurns }: Orientation, point: Point, displayed: Size): Point {
  let [[x, y], { columns, rows }] = [point, displayed];
  for (let turn = 0; turn < quarterTurns; turn++) {
    // Back: what is on top comes to the left.
    [x, y] = [y, columns - x];
    [columns, rows] = [rows, columns];
  }
  return [isMirrored ? columns - x : x, y];
}

/** Where the displayed picture's rows and columns lead, of where the stored one's do. */
export function laidDirections(
  { isMirrored, quarterTurns }: Orientation,
  stored: PatientOrientation,
): PatientOrientation {
  let [row, column] = stored;
  if (isMirrored) row = opposite(row);
  // Clockwise: what led up leads to the right, what led to the right leads down.
  for (let turn = 0; turn < quarterTurns; turn++) [row, column] = [opposite(column), row];
  return [row, column];
}

/**
 * How a film is displayed by its header (PS3.3 C.7.6.1.1.1): a frontal one with the patient's left on
 * the right and the feet below, a lateral one with the feet below; any other as it is stored.
 */
export function orientationByHeader(stored: PatientOrientation | null): Orientation {
  const isUpright = (each: Orientation, header: PatientOrientation) => {
    const [row, column] = laidDirections(each, header);
    return column === "F" && (row === "L" || (!each.isMirrored && (row === "A" || row === "P")));
  };
  return (stored && ORIENTATIONS.find((each) => isUpright(each, stored))) ?? AS_STORED;
}
