/** The rules that turn what was measured of heart and lungs into plain sentences. */
import { wholePercent } from "@/lib/format/figures";
import type { AnatomyAnswer, RatioAnswer } from "@/lib/api/types";
import { say } from "@/lib/words/catalogue";

/** From half as large again as the other on, a lung's outline is worth a word: (3 - 2) / (3 + 2). */
const NOTABLE_ASYMMETRY = 0.2;

/** "The heart takes up 47 % of the chest's width (132 of 281 mm)". */
function heartShare({ heart_mm: heartMm, thorax_mm: thoraxMm }: RatioAnswer, value: number): string {
  const share = wholePercent(value);
  if (heartMm === null || thoraxMm === null) return say("on_page", "heart_share", { share });
  const [heart, chest] = [Math.round(heartMm), `${Math.round(thoraxMm)}\u00a0mm`];
  return say("on_page", "heart_share_mm", { share, heart, chest });
}

/** What a ratio is, and what it means for the heart where the server says that it may be judged. */
export function ratioSentence(ratio: RatioAnswer): string {
  const { value, valid, size_words: size } = ratio;
  if (value === null) return say("ratio", "not_measured");
  const share = heartShare(ratio, value);
  if (!valid) return say("on_page", "ratio_not_valid", { share });
  return size === null ? say("on_page", "ratio", { share }) : say("on_page", "ratio_size", { share, size });
}

/** How unlike in size the lungs' outlines are, where that is notable. */
export function lungSentence({ lung_asymmetry: asymmetry }: AnatomyAnswer): string | null {
  if (asymmetry === null) return null;
  const difference = Math.abs(asymmetry);
  if (difference < NOTABLE_ASYMMETRY || difference >= 1) return null;
  const times = ((1 + difference) / (1 - difference)).toFixed(1);
  return say("on_page", asymmetry > 0 ? "lungs_right_larger" : "lungs_left_larger", { times });
}

/** What is to be known of the film, less what the ratio's reason says already. */
export function qualityWords({ quality, cardiothoracic_ratio: { reason } }: AnatomyAnswer): string[] {
  return quality.map(({ words }) => words).filter((words) => !reason?.includes(words));
}
