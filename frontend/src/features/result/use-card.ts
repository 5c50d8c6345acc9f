import { useQuery } from "@tanstack/react-query";

import { modelCardQuery } from "@/lib/api/queries";
import type { ModelCard } from "@/lib/api/types";

/** The card of the classifier that read; null until it has come. */
export function useCard(name: string): ModelCard | null {
  const { data } = useQuery(modelCardQuery(name));
  return data?.kind === "classifier" ? data : null;
}
