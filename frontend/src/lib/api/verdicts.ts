import { LANGUAGE } from "@/lib/words/catalogue";

import { api } from "./client";
import { modelAddress } from "./model-readings";
import type { DecidedAnswer, ReadingAnswer } from "./types";

/** As many readings as the API decides on in one request. */
const MOST = 1000;

type ReadFigures = Pick<ReadingAnswer, "findings" | "suitability" | "model">;

/** Decides on readings, each of its model, at an operating point; in their order. */
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
  const byReading = new Map<ReadFigures, DecidedAnswer>();
  for (const address of new Set(readings.map(({ model }) => modelAddress(model)))) {
    const ofModel = readings.filter(({ model }) => modelAddress(model) === address);
    for (let start = 0; start < ofModel.length; start += MOST) {
      const some = ofModel.slice(start, start + MOST);
      const decided = await decideOfModel(address, some, operatingPoint);
      for (const [index, reading] of some.entries()) {
        const decision = decided[index];
        if (decision) byReading.set(reading, decision);
      }
    }
  }
  return readings.flatMap((reading) => byReading.get(reading) ?? []);
};

async function decideOfModel(
  model: string,
  readings: readonly ReadFigures[],
  operatingPoint: string | null,
): Promise<DecidedAnswer[]> {
  const { data } = await api.POST("/verdicts", {
    params: {
      query: {
        language: LANGUAGE,
        model,
        operating_point: operatingPoint === null ? null : [operatingPoint],
      },
    },
    body: {
      readings: readings.map(({ findings, suitability }) => ({
        probabilities: Object.fromEntries(findings.map(({ code, probability }) => [code, probability])),
        forced: suitability?.forced ?? false,
        intended: suitability?.population.intended ?? null,
      })),
    },
  });
  // The client types pairs as lists.
  return (data ?? []) as DecidedAnswer[];
}
