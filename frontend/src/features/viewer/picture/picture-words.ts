import type { EvidenceInFocus } from "@/features/evidence";
import type { LayersState } from "@/features/layers";
import { answersByModel } from "@/lib/api/model-readings";
import type { ReadingAnswer } from "@/lib/api/types";
import { say } from "@/lib/words/catalogue";
import { forcedMark, readingText } from "@/lib/words/reading-words";
import { sidesMark, turnedMark } from "@/lib/words/side-words";

/** The lines that are burned into a copied or saved picture. */
export function pictureWords(
  answer: ReadingAnswer | null,
  inFocus: EvidenceInFocus | null,
  { shown }: Pick<LayersState, "shown">,
): string[] {
  const notice = say("page", "notice");
  if (!answer) return [say("on_page", "saved_unread", { notice })];
  const models = answersByModel(answer).map(({ model: { name, version } }) => `${name} ${version}`);
  const lines = [
    models.length > 1
      ? say("on_page", "saved_of_models", { notice, models: models.join(", ") })
      : say("on_page", "saved_of_model", { notice, model: models.join() }),
  ];
  const mark = forcedMark(answer.suitability);
  if (mark !== null) lines.push(mark);
  for (const side of [turnedMark(answer.image), sidesMark(answer.image)]) if (side !== null) lines.push(side);
  lines.push(readingText(answer));
  if (inFocus && (shown.has("evidence") || shown.has("contours"))) {
    lines.push(inFocus.finding.sentence);
    // Told already by the mark.
    const warnings = inFocus.answer.evidence?.warnings.filter(
      ({ code }) => code !== "forced" || mark === null,
    );
    for (const { message } of warnings ?? []) lines.push(message);
  }
  return lines;
}

/** A name without the file's own, which often holds a patient's. */
export function pictureFileName(answer: ReadingAnswer | null): string {
  return answer ? `hilum-${answer.model.name}-${answer.image.sha256.slice(0, 8)}.png` : "hilum-film.png";
}
