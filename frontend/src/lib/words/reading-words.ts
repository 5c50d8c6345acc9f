/** What the page says of a reading: the verdict's own words, as the server has them. */
import { answersByModel, shownName } from "@/lib/api/model-readings";
import type { ReadingAnswer, Suitability, Verdict, VerdictCode } from "@/lib/api/types";
import { wholePercent } from "@/lib/format/figures";

import { capitalised, decisionWords, findingWords, say } from "./catalogue";

/**
 * The verdict on the main finding of a model.
 *
 * @throws {Error} The server answered no verdict, which it always does.
 */
export function mainVerdict({ verdicts }: Pick<ReadingAnswer, "verdicts">): Verdict {
  const [main] = verdicts;
  if (!main) throw new Error("A reading without a verdict.");
  return main;
}

/** The verdict that the headline begins with; see `leading` in the API. */
export function leadingVerdict(answer: Pick<ReadingAnswer, "verdicts" | "leading">): Verdict {
  return answer.verdicts.find(({ finding }) => finding === answer.leading) ?? mainVerdict(answer);
}

/** Present, uncertain, absent, not assessed; then what is not reliable. */
const RELEVANCE: readonly VerdictCode[] = [
  "positive",
  "uncertain",
  "negative",
  "not_assessed",
  "outside_population",
  "forced",
];

/** Findings with such a verdict are all named, with their probabilities. */
const TOLD: readonly VerdictCode[] = ["positive", "uncertain"];

/** Of the findings with another verdict. */
const MOST_NAMED = 4;

/** A point of 0 is below every probability. */
const LEAST_POINT = 1e-9;

/** Verdicts by what they say, and within that by probability over operating point. */
export function byRelevance(verdicts: readonly Verdict[]): Verdict[] {
  const rank = ({ code }: Verdict) => RELEVANCE.indexOf(code);
  const ratio = (verdict: Verdict) => verdict.probability / Math.max(verdict.operating_point, LEAST_POINT);
  return [...verdicts].sort((a, b) => rank(a) - rank(b) || ratio(b) - ratio(a));
}

/** What is decided, in one word; in a few where nothing is to be taken from it. */
export function decisionLabel({ code, short }: Verdict): string {
  const word = decisionWords(code);
  return word === null ? short : capitalised(word);
}

/** A reading in a few words: its verdict; of several, all of them, the most relevant first. */
export function shortWords({ verdicts }: Pick<ReadingAnswer, "verdicts">): string {
  const [first, ...others] = byRelevance(verdicts);
  if (!first) return "";
  const isOne = others.every(({ code, reliable }) => !reliable && code === first.code);
  if (isOne) return first.short;
  const groups = new Map<string, { readonly isTold: boolean; readonly names: string[] }>();
  for (const verdict of [first, ...others]) {
    const { code, finding, probability } = verdict;
    const label = decisionLabel(verdict);
    const group = groups.get(label) ?? { isTold: TOLD.includes(code), names: [] };
    const name = findingWords(finding);
    group.names.push(group.isTold ? `${name} ${wholePercent(probability)}` : name);
    groups.set(label, group);
  }
  return [...groups]
    .map(([label, { isTold, names }]) => {
      const isNamed = isTold || names.length <= MOST_NAMED;
      return `${label}: ${isNamed ? names.join(", ") : `${String(names.length)} findings`}`;
    })
    .join("; ");
}

/** All that is decided on a film in a few words, by model where several read it. */
export function filmWords(answer: ReadingAnswer): string {
  return byModel(answer, shortWords, (words, model) => `${words} (${model})`).join("; ");
}

/** Headline of a film, sentence and cautions of its leading verdict, by model where several read it. */
export function readingText(answer: ReadingAnswer): string {
  return byModel(answer, modelText, (words, model) => `${model}: ${words}`).join(" ");
}

/** The words of a film's only model; of several, each one's with its name. */
function byModel(
  answer: ReadingAnswer,
  wordsOf: (answer: ReadingAnswer) => string,
  named: (words: string, model: string) => string,
): string[] {
  const answers = answersByModel(answer);
  if (answers.length === 1) return [wordsOf(answer)];
  return answers.map((each) => named(wordsOf(each), shownName(answer, each.model)));
}

/** What a model says of a film; where it decides on several findings, what all of them are. */
function modelText(answer: ReadingAnswer): string {
  const leading = verdictText({ ...leadingVerdict(answer), headline: answer.headline });
  return answer.verdicts.length > 1 ? `${leading} ${shortWords(answer)}.` : leading;
}

/** Headline, sentence and cautions of a verdict, for a line of text. */
export function verdictText({ headline, sentence, cautions }: Verdict): string {
  return [`${headline}.`, sentence, ...cautions.map(({ words }) => words)].join(" ");
}

/** The mark of a reading that was asked for although the picture is not suitable. */
export function forcedMark(suitability: Suitability | null): string | null {
  if (!suitability?.forced || suitability.suitable) return null;
  const reasons = suitability.reasons.map(({ words }) => words).join(" ");
  return say("caution", "forced", { reasons }).trim();
}
