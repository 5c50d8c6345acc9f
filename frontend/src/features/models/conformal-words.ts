/** What a card says of when its model decides nothing. */
import type { ModelCard } from "@/lib/api/types";
import { plainPercent } from "@/lib/format/figures";

import { findingWords, sentence } from "./card-words";

/** How the model comes to say that it cannot tell; null where it always decides. */
export function conformalWords({
  conformal,
  target,
}: Pick<ModelCard, "conformal" | "target">): string | null {
  if (!conformal) return null;
  const coverage = plainPercent(conformal.coverage);
  return `Beside its probability, the model names each of normal and ${findingWords(target)} that remains possible, with the aim that the right one is among them on ${coverage} of radiographs of either kind (split conformal prediction); the figures say on how many it was. One left is a decision; with both left, or none, it says that it cannot tell. ${sentence(`Fitted on: ${conformal.fitted_on}`)}`;
}
