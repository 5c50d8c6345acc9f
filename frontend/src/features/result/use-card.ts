import { useQuery } from "@tanstack/react-query";

import { modelAddress } from "@/lib/api/model-readings";
import { modelCardQuery } from "@/lib/api/queries";
import type { ModelCard, ReadingAnswer } from "@/lib/api/types";

/** The card of the classifier that read; null until it has come. */
export function useCard(model: ReadingAnswer["model"]): ModelCard | null {
  const { data } = useQuery(modelCardQuery(modelAddress(model)));
  return data?.kind === "classifier" ? data : null;
}
