import { opposite, type PatientOrientation } from "@/lib/dicom/patient-orientation";

export interface EdgeLetters {
  readonly top: string;
  readonly right: string;
  readonly bottom: string;
  readonly left: string;
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
