import { queryOptions } from "@tanstack/react-query";

import { api } from "./client";

/** Whether the API needs a token, and whether this browser has a session. */
export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: async ({ signal }) => (await api.GET("/session", { signal })).data,
  staleTime: 60_000,
});

/** Exchanges the token for a session cookie. */
export const signIn = (token: string) => api.POST("/session", { body: { token } });

export const signOut = () => api.DELETE("/session");
