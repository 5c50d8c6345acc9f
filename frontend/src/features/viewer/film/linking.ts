import type { FilmView, Seen } from "./film-view";
import { carriedOver } from "./geometry";
import { windowCarriedOver } from "./window";

/** Has one film show what another does: the same part of it, as large, as bright. */
export function follow(view: FilmView, leader: FilmView, seen: Seen): void {
  const from = { picture: leader.picture, viewport: seen.viewport };
  const to = { picture: view.picture, viewport: view.seen().viewport };
  view.place(carriedOver(seen.placement, from, to));
  view.setWindow(windowCarriedOver(seen.window, leader.firstWindow, view.firstWindow));
  if (view.seen().isInverted !== seen.isInverted) view.setInverted(seen.isInverted);
}

/** Keeps a film with another until the returned function is called. */
export function link(follower: FilmView, leader: FilmView): () => void {
  const keepUp = () => {
    follow(follower, leader, leader.seen());
  };
  keepUp();
  return leader.subscribe(keepUp);
}
