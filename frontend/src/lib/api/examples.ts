import { queryOptions } from "@tanstack/react-query";

import { api } from "./client";
import type { components } from "./schema";

export type ExampleFilm = components["schemas"]["ExampleAnswer"];

/** The synthetic films that the server draws. */
export const examplesQuery = queryOptions({
  queryKey: ["examples"],
  queryFn: async ({ signal }) => (await api.GET("/examples", { signal })).data?.examples ?? [],
  staleTime: Infinity,
});

/** A synthetic film as a file, as if a person had chosen it. */
export async function exampleFile({ name, file_name, media_type }: ExampleFilm): Promise<File> {
  const { data } = await api.GET("/examples/{name}", { params: { path: { name } }, parseAs: "blob" });
  return new File([data as Blob], file_name, { type: media_type });
}
