import type { Reason } from "@/lib/api/types";

/** What to do about each reason why a picture was not read. */
const UPRIGHT =
  "Turn the picture so that the head is up: it is not mirrored, and the reading says that it was turned.";
const THE_FILM = "Export the film itself from the archive, not a screenshot or a photograph of a screen.";
const FRONTAL = "Choose the frontal chest radiograph (PA or AP), with both lungs whole.";

const adviceByReason: Partial<Record<Reason["code"], string>> = {
  not_a_chest: FRONTAL,
  sideways: UPRIGHT,
  upside_down: UPRIGHT,
  colour: THE_FILM,
  lateral: FRONTAL,
  unlike_training: THE_FILM,
};

/** What would help, each thing once, in the order of the reasons. */
export function unsuitableAdvice(reasons: readonly { readonly code: string }[]): string[] {
  const known = new Map<string, string>(Object.entries(adviceByReason));
  const advice = reasons.flatMap(({ code }) => known.get(code) ?? []);
  return advice.length > 0 ? [...new Set(advice)] : [FRONTAL];
}
