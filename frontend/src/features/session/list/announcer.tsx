import { VisuallyHidden } from "@mantine/core";

import { problemWords } from "@/lib/words/problem-words";
import { forcedMark, readingText } from "@/lib/words/reading-words";

import type { Entry } from "../store/entry";
import { useSessionSnapshot } from "../store/session-context";

function announcement({ file, state }: Entry): string {
  switch (state.kind) {
    case "done":
      return [`${file.name}: ${readingText(state.answer)}`, forcedMark(state.answer.suitability)]
        .filter((words) => words !== null)
        .join(" ");
    case "failed":
      return `${file.name} was not read: ${problemWords(state.error).title}.`;
    case "skipped":
      return `${file.name} was not read: it holds ${state.holds}.`;
    case "cancelled":
      return `${file.name}: cancelled.`;
    default:
      return "";
  }
}

/** Tells a screen reader of each result as it comes. */
export function Announcer() {
  const { entries, lastSettledId } = useSessionSnapshot();
  const settled = entries.find((entry) => entry.id === lastSettledId);
  return (
    <VisuallyHidden role="status" aria-live="polite" data-announcer>
      {settled ? announcement(settled) : ""}
    </VisuallyHidden>
  );
}
