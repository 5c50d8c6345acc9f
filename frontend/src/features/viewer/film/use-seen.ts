import { useSyncExternalStore } from "react";

import type { FilmView, Seen } from "./film-view";

const nothing = () => () => undefined;
const none = () => null;

/** How a film is seen now; null until it is open. */
export function useSeen(view: FilmView | null): Seen | null {
  return useSyncExternalStore(view ? view.subscribe : nothing, view ? view.seen : none);
}
