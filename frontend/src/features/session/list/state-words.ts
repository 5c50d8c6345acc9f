import type { IconName } from "@/components/icon";
import { answersByModel } from "@/lib/api/model-readings";
import type { VerdictCode } from "@/lib/api/types";
import { problemWords } from "@/lib/words/problem-words";
import { say } from "@/lib/words/catalogue";
import { byRelevance, filmWords, mainVerdict } from "@/lib/words/reading-words";
import { sidesMark, turnedMark } from "@/lib/words/side-words";

import type { EntryState } from "../store/entry";

export type Tone = VerdictCode | "problem" | "quiet";

interface StateWords {
  readonly words: string;
  readonly tone: Tone;
  /** None for a verdict, which has its own mark. */
  readonly icon: IconName | null;
  /** Of a film that was read: what its mark shows. */
  readonly verdict?: VerdictCode;
}

/** An entry's state in two or three words, for the list. */
export function stateWords(state: EntryState): StateWords {
  switch (state.kind) {
    case "queued":
      return { words: "Waiting", tone: "quiet", icon: "clock" };
    case "sending":
      return { words: `Sending ${Math.round(state.share * 100)} %`, tone: "quiet", icon: "upload" };
    case "reading":
      return { words: "Reading…", tone: "quiet", icon: "clock" };
    case "cancelled":
      return { words: "Cancelled", tone: "quiet", icon: "stop" };
    case "skipped":
      return { words: `Not read: ${state.holds}`, tone: "quiet", icon: "stop" };
    case "failed":
      return { words: problemWords(state.error).short, tone: "problem", icon: "alert" };
    case "done": {
      const { image } = state.answer;
      const verdicts = answersByModel(state.answer).flatMap((answer) => answer.verdicts);
      const { code } = byRelevance(verdicts)[0] ?? mainVerdict(state.answer);
      const marks = [filmWords(state.answer)];
      if (turnedMark(image) !== null) marks.push(say("on_page", "turned"));
      if (sidesMark(image) !== null) marks.push(say("on_page", "sides_uncertain"));
      return { words: marks.join(", "), tone: code, icon: null, verdict: code };
    }
  }
}
