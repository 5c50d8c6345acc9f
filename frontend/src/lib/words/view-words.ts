/** The projection, as the server tells it from the file's header. */
export function viewWords(view: string): string {
  return view === "unknown" ? "View not stated" : `View ${view}`;
}
