import { queryOptions } from "@tanstack/react-query";

import { api } from "./client";

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
    queryFn: async ({ signal }) =>
      (await api.GET("/models/{name}", { params: { path: { name } }, signal })).data,
    staleTime: 60_000,
    retry: false,
  });
}
