import { queryOptions } from "@tanstack/react-query";

import { api } from "./client";
import type { components } from "./schema";

export type Arrival = components["schemas"]["ArrivalAnswer"];
export type Delivery = components["schemas"]["DeliveryAnswer"];

const REFRESH_MS = 3_000;
const MOST = 100;

/** Objects that were received and have no reading: those in quarantine, and those ignored by rule. */
export function arrivalsQuery(...states: Arrival["state"][]) {
  return queryOptions({
    queryKey: ["arrivals", ...states],
    queryFn: async ({ signal }) =>
      (await api.GET("/arrivals", { params: { query: { state: states, limit: MOST } }, signal })).data,
    refetchInterval: REFRESH_MS,
  });
}

/** Results that go to peers. */
export function deliveriesQuery(state: Delivery["state"]) {
  return queryOptions({
    queryKey: ["deliveries", state],
    queryFn: async ({ signal }) =>
      (await api.GET("/deliveries", { params: { query: { state: [state], limit: MOST } }, signal })).data,
    refetchInterval: REFRESH_MS,
  });
}

const at = (number: number) => ({ params: { path: { number } } });

export const retryArrival = (id: number) => api.POST("/arrivals/{number}/retry", at(id));
export const discardArrival = (id: number) => api.DELETE("/arrivals/{number}", at(id));
export const retryDelivery = (id: number) => api.POST("/deliveries/{number}/retry", at(id));
export const discardDelivery = (id: number) => api.DELETE("/deliveries/{number}", at(id));
