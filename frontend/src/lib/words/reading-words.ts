/** What the page says of a reading: the verdict's own words, as the server has them. */
import type { ReadingAnswer, Suitability, Verdict } from "@/lib/api/types";

/**
 * The verdict that a reading's headline is made of.
 *
 * @throws {Error} The server answered no verdict, which it always does.
 */
export function mainVerdict({ verdicts }: Pick<ReadingAnswer, "verdicts">): Verdict {
  const [main] = verdicts;
  if (!main) throw new Error("A reading without a verdict.");
  return main;
}

/** Headline, sentence and cautions of a verdict, for a line of text. */
export function verdictText({ headline, sentence, cautions }: Verdict): string {
  return [`${headline}.`, sentence, ...cautions.map(({ words }) => words)].join(" ");
}

/** The mark of a reading that was asked for although the picture is not suitable. */
export function forcedMark(suitability: Suitability | null): string | null {
  if (!suitability?.forced || suitability.suitable) return null;
  const words = suitability.reasons.map((reason) => reason.words).join(" ");
  return `Read on request although: ${words || "the picture is not suitable."}`;
}
