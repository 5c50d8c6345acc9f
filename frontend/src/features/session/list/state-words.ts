import type { IconName } from "@/components/icon";
import type { Decision } from "@/lib/api/types";
import { wholePercent } from "@/lib/format/figures";
import { problemWords } from "@/lib/words/problem-words";
import { forcedMark } from "@/lib/words/reading-words";
import { sidesMark, turnedMark } from "@/lib/words/side-words";

import type { EntryState } from "../store/entry";

export type Tone = "positive" | "negative" | "uncertain" | "problem" | "quiet";

interface StateWords {
  readonly words: string;
  readonly tone: Tone;
  /** None for a decision, which has its own mark. */
  readonly icon: IconName | null;
}

const listWords: Record<Decision, (percent: string) => string> = {
  positive: (percent) => `Pneumonia ${percent}`,
  negative: (percent) => `Normal, pneumonia ${percent}`,
  uncertain: (percent) => `Uncertain, ${percent}`,
};

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
      const { decision, findings, suitability, image } = state.answer;
      const pneumonia = findings.find(({ code }) => code === "pneumonia");
      const percent = pneumonia ? wholePercent(pneumonia.probability) : "";
      const onRequest = forcedMark(suitability) === null ? "" : ", on request";
      const turned = turnedMark(image) === null ? "" : ", turned";
      const sides = sidesMark(image) === null ? "" : ", sides uncertain";
      const words = `${listWords[decision](percent)}${onRequest}${turned}${sides}`;
      return { words, tone: decision, icon: null };
    }
  }
}
