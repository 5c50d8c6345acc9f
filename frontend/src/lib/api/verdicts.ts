import { api } from "./client";
import type { DecidedAnswer, ReadingAnswer } from "./types";

/** As many readings as the API decides on in one request. */
const MOST = 1000;

type ReadFigures = Pick<ReadingAnswer, "findings" | "suitability" | "model">;

/** Decides on readings at an operating point, in their order. */
export type Decide = (
  readings: readonly ReadFigures[],
  operatingPoint: string | null,
) => Promise<DecidedAnswer[]>;

/**
 * Has the server decide anew from the probabilities of readings; no film is sent.
 *
 * @throws {ProblemError} The server refused it and said why.
 * @throws {NoAnswerError} No answer came.
 */
export const decideAgain: Decide = async (readings, operatingPoint) => {
  const decided: DecidedAnswer[] = [];
  for (let start = 0; start < readings.length; start += MOST) {
    const some = readings.slice(start, start + MOST);
    const { data } = await api.POST("/verdicts", {
      params: {
        query: {
          model: some[0]?.model.name ?? null,
          operating_point: operatingPoint === null ? null : [operatingPoint],
        },
      },
      body: {
        readings: some.map(({ findings, suitability }) => ({
          probabilities: Object.fromEntries(findings.map(({ code, probability }) => [code, probability])),
          forced: suitability?.forced ?? false,
          intended: suitability?.population.intended ?? null,
        })),
      },
    });
    // The client types pairs as lists.
    decided.push(...((data ?? []) as DecidedAnswer[]));
  }
  return decided;
};
