/** Patient Orientation (0020,0020): which way a picture's rows and columns lead (PS3.3 C.7.6.1.1.1). */

/** Where the rows and where the columns lead, such as L and F. */
export type PatientOrientation = readonly [row: string, column: string];

export interface EdgeLetters {
  readonly top: string;
  readonly right: string;
  readonly bottom: string;
  readonly left: string;
}

const OPPOSITE: Readonly<Record<string, string>> = { L: "R", R: "L", A: "P", P: "A", H: "F", F: "H" };

export function orientationOf(values: readonly string[]): PatientOrientation | null {
  const [row, column, ...more] = values.map((each) => each.toUpperCase());
  if (row === undefined || column === undefined || more.length > 0) return null;
  const isDirection = (each: string) => /^[ALFRPH]{1,3}$/.test(each);
  return isDirection(row) && isDirection(column) ? [row, column] : null;
}

export function opposite(direction: string): string {
  return Array.from(direction, (letter) => OPPOSITE[letter] ?? "").join("");
}

/**
 * The letters of a viewport's edges.
 *
 * The picture's matrix tells, so they go with every turn and flip: an edge has the letter of the
 * direction in the picture that leads most towards it.
 */
export function edgeLetters(
  [row, column]: PatientOrientation,
  [a, b, c, d]: readonly [number, number, number, number, ...number[]],
): EdgeLetters {
  const towards = (x: number, y: number): string => {
    const along = (a * x + b * y) / Math.hypot(a, b);
    const down = (c * x + d * y) / Math.hypot(c, d);
    if (Math.abs(along) >= Math.abs(down)) return along > 0 ? row : opposite(row);
    return down > 0 ? column : opposite(column);
  };
  return { top: towards(0, -1), right: towards(1, 0), bottom: towards(0, 1), left: towards(-1, 0) };
}
