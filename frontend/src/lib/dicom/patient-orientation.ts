/** Patient Orientation (0020,0020): which way a picture's rows and columns lead (PS3.3 C.7.6.1.1.1). */

/** Where the rows and where the columns lead, such as L and F. */
export type PatientOrientation = readonly [row: string, column: string];

const OPPOSITE: Readonly<Record<string, string>> = { L: "R", R: "L", A: "P", P: "A", H: "F", F: "H" };

/** Opposites do not stand together, and no letter stands twice. */
function isDirection(text: string): boolean {
  const used = new Set(Array.from(text + opposite(text)));
  return /^[ALFRPH]{1,3}$/.test(text) && used.size === 2 * text.length;
}

export function orientationOf(values: readonly string[]): PatientOrientation | null {
  const [row, column, ...more] = values.map((each) => each.toUpperCase());
  if (row === undefined || column === undefined || more.length > 0) return null;
  return isDirection(row) && isDirection(column) ? [row, column] : null;
}

export function opposite(direction: string): string {
  return Array.from(direction, (letter) => OPPOSITE[letter] ?? "").join("");
}
