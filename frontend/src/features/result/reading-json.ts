import type { ReadingAnswer } from "@/lib/api/types";
import { forcedMark } from "@/lib/words/reading-words";

/**
 * One reading as a JSON text: the server's answer as it came, with the file's name and the time.
 *
 * Where it was read although it is not suitable, that stands in front.
 */
export function readingJson(fileName: string, readAt: Date, answer: ReadingAnswer): string {
  const mark = forcedMark(answer.suitability);
  const saved = {
    ...(mark !== null && { mark }),
    file_name: fileName,
    read_at: readAt.toISOString(),
    reading: answer,
  };
  return `${JSON.stringify(saved, null, 2)}\n`;
}

/** "chest.left.jpg" gives "chest.left.reading.json". */
export function readingFileName(fileName: string): string {
  return `${fileName.replace(/\.[^.]*$/, "") || "radiograph"}.reading.json`;
}
