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

type Model = Pick<ReadingAnswer["model"], "name" | "version">;

/** What names this version of a model and no other, in requests and on the page. */
export function modelAddress({ name, version }: Model): string {
  return `${name}@${version}`;
}

/** The addresses of the models that read a film, the main one first. */
export function modelAddresses(film: ReadingAnswer): string[] {
  return answersByModel(film).map(({ model }) => modelAddress(model));
}

/** What the page calls one of the models that read a film: its name; of several versions, its address. */
export function shownName(film: Pick<ReadingAnswer, "readings">, model: Model): string {
  const namesakes = film.readings.filter((each) => each.model.name === model.name);
  return namesakes.length > 1 ? modelAddress(model) : model.name;
}
