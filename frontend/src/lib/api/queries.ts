import { queryOptions } from "@tanstack/react-query";

import { api } from "./client";
import { ProblemError } from "./problem";
import type { AnatomyCard, ModelCard } from "./types";

const RETRY_MS = 5_000;

/** Whether the server can read radiographs; while it can't, asked again every five seconds. */
export const readinessQuery = queryOptions({
  queryKey: ["health", "ready"],
  queryFn: async ({ signal }) => {
    await api.GET("/health/ready", { signal });
    return true;
  },
  retry: false,
  refetchInterval: (query) => (query.state.status === "error" ? RETRY_MS : false),
});

export const modelsQuery = queryOptions({
  queryKey: ["models"],
  queryFn: async ({ signal }) => (await api.GET("/models", { signal })).data,
  staleTime: 60_000,
});

export function modelCardQuery(name: string) {
  return queryOptions({
    queryKey: ["models", name],
    queryFn: async ({ signal }) => {
      const { data } = await api.GET("/models/{name}", { params: { path: { name } }, signal });
      // The client's types lose how long the card's pairs are.
      return data as ModelCard | AnatomyCard;
    },
    staleTime: 60_000,
    retry: false,
  });
}

/** Whether the server can measure lungs and heart: a bundle of its own, without which it still reads. */
export const anatomyReadyQuery = queryOptions({
  queryKey: ["anatomy", "ready"],
  queryFn: async ({ signal }) => {
    try {
      await api.GET("/models/{name}", { params: { path: { name: "anatomy" } }, signal });
      return true;
    } catch (error) {
      if (error instanceof ProblemError) return false;
      throw error;
    }
  },
  staleTime: 60_000,
  retry: false,
  // Asked without a network too, which then fails: an upload that waits must not wait for ever.
  networkMode: "always",
});
