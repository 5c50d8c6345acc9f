/** The operating points that can be asked for, as the API takes them and in words. */

export interface OperatingPointOption {
  /** What the API is asked; null for the model's own. */
  readonly asked: string | null;
  readonly label: string;
  /** What choosing it means for patients. */
  readonly meaning: string;
}

export const OPERATING_POINTS: readonly OperatingPointOption[] = [
  {
    asked: null,
    label: "The model's own",
    meaning: "Chosen when the model was made, on patients that its card names.",
  },
  {
    asked: "sensitivity:0.98",
    label: "High sensitivity (98\u00a0%)",
    meaning: "Fewer false negatives, more false positives.",
  },
  {
    asked: "specificity:0.98",
    label: "High specificity (98\u00a0%)",
    meaning: "Fewer false positives, more false negatives.",
  },
];

export const OWN_THRESHOLD = {
  label: "A threshold of your own",
  meaning: "At and above this probability a finding is called present. In per cent: 40, not 0.4.",
} as const;

/** The threshold that a per cent field holds, as the API is asked for it; null where it holds none. */
export function askedThreshold(percentText: string): string | null {
  const text = percentText.trim().replace(",", ".");
  if (!/^\d+(\.\d*)?$|^\.\d+$/.test(text)) return null;
  const percent = Number(text);
  if (percent > 100) return null;
  return String(Number((percent / 100).toFixed(6)));
}

/** "0.4" gives "40": what a per cent field shows of what was asked; "" where no threshold was. */
export function percentOfAsked(asked: string | null): string {
  const threshold = asked === null || asked.includes(":") ? Number.NaN : Number(asked);
  return Number.isFinite(threshold) ? String(Number((threshold * 100).toFixed(4))) : "";
}
