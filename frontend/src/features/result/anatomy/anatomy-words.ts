/** The rules that turn what was measured of heart and lungs into plain sentences. */
import { wholePercent } from "@/lib/format/figures";
import type { AnatomyAnswer, RatioAnswer } from "@/lib/api/types";

/** From half as large again as the other on, a lung's outline is worth a word: (3 - 2) / (3 + 2). */
const NOTABLE_ASYMMETRY = 0.2;

/** "The heart takes up 47 % of the chest's width (132 of 281 mm)". */
function share({ heart_mm: heartMm, thorax_mm: thoraxMm }: RatioAnswer, value: number): string {
  const widths =
    heartMm === null || thoraxMm === null
      ? ""
      : ` (${Math.round(heartMm)} of ${Math.round(thoraxMm)}\u00a0mm)`;
  return `The heart takes up ${wholePercent(value)} of the chest's width${widths}`;
}

/** What a ratio is, and what it means for the heart where the server says that it may be judged. */
export function ratioSentence(ratio: RatioAnswer): string {
  const { value, valid, size_words: size } = ratio;
  if (value === null) return "The cardiothoracic ratio could not be measured.";
  if (!valid) return `${share(ratio, value)} here, but this film does not let it be judged.`;
  return size === null ? `${share(ratio, value)}.` : `${share(ratio, value)}. ${size}`;
}

/** How unlike in size the lungs' outlines are, where that is notable. */
export function lungSentence({ lung_asymmetry: asymmetry }: AnatomyAnswer): string | null {
  if (asymmetry === null) return null;
  const difference = Math.abs(asymmetry);
  if (difference < NOTABLE_ASYMMETRY || difference >= 1) return null;
  const times = (1 + difference) / (1 - difference);
  const [larger, smaller] = asymmetry > 0 ? ["right", "left"] : ["left", "right"];
  return `The ${larger} lung's outline is ${times.toFixed(1)} times as large as the ${smaller}'s.`;
}

/** What is to be known of the film, less what the ratio's reason says already. */
export function qualityWords({ quality, cardiothoracic_ratio: { reason } }: AnatomyAnswer): string[] {
  return quality.map(({ words }) => words).filter((words) => !reason?.includes(words));
}
