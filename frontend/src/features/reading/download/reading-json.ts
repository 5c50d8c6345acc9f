import type { ReadingAnswer } from "@/lib/api/types";

/** One reading as a JSON text: the server's answer as it came, with the file's name and the time. */
export function readingJson(fileName: string, readAt: Date, answer: ReadingAnswer): string {
  return `${JSON.stringify({ file_name: fileName, read_at: readAt.toISOString(), reading: answer }, null, 2)}\n`;
}

/** "chest.left.jpg" gives "chest.left.reading.json". */
export function readingFileName(fileName: string): string {
  return `${fileName.replace(/\.[^.]*$/, "") || "radiograph"}.reading.json`;
}
