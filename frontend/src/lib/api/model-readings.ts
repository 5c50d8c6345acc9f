import type { ReadingAnswer } from "./types";

/** What each model made of a film, as an answer of its own, the main model's first. */
export function answersByModel(answer: ReadingAnswer): readonly [ReadingAnswer, ...ReadingAnswer[]] {
  const further = answer.readings
    .slice(1)
    .map(({ population, evidence = null, ...reading }): ReadingAnswer => ({
      ...answer,
      ...reading,
      suitability: answer.suitability && { ...answer.suitability, population },
      evidence,
      readings: [],
    }));
  return [answer, ...further];
}

/** The names of the models that read a film, the main one first. */
export function modelNames(answer: ReadingAnswer): string[] {
  return answersByModel(answer).map(({ model }) => model.name);
}
