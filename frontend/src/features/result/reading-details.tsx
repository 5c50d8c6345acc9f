import { answersByModel } from "@/lib/api/model-readings";
import type { ReadingAnswer } from "@/lib/api/types";
import { say, viewWords } from "@/lib/words/catalogue";

import styles from "./result.module.css";

interface ReadingDetailsProps {
  readonly answer: ReadingAnswer;
  readonly readAt: Date;
}

const HASH_CHARACTERS = 12;

function milliseconds(value: number): string {
  return `${value.toFixed(1)} ms`;
}

/** The quiet line: what read it, how long it took; and on request, all of that. */
export function ReadingDetails({ answer, readAt }: ReadingDetailsProps) {
  const { image, timing_ms: timing, notice } = answer;
  const models = answersByModel(answer).map((each) => each.model);
  const sites = models.map(({ site }) => site).filter((site) => site !== null);
  const rows: readonly (readonly [string, string])[] = [
    ["Model", models.map(({ name, version }) => `${name} ${version}`).join(", ")],
    ...sites.map(
      ({ name, films, date }) =>
        ["Site profile", say("on_page", "site", { site: name, films, date })] as const,
    ),
    ["Model SHA-256", models.map(({ sha256 }) => sha256).join(", ")],
    ["Picture", `${image.format.toUpperCase()}, ${image.columns} × ${image.rows} px, ${viewWords(image)}`],
    ["Colour", image.was_colour ? "Was in colour; read as grey" : "Grey"],
    ["Picture SHA-256", image.sha256],
    [
      "Time",
      `decode ${milliseconds(timing.decode)}, anatomy ${milliseconds(timing.anatomy)}, preprocess ${milliseconds(timing.preprocess)}, inference ${milliseconds(timing.inference)}, total ${milliseconds(timing.total)}`,
    ],
    ["Read at", readAt.toLocaleString()],
    ["Notice", notice],
  ];
  return (
    <details className={styles.details}>
      <summary>
        {models
          .map(({ name, version, sha256 }) => `${name} ${version} · ${sha256.slice(0, HASH_CHARACTERS)}`)
          .join(", ")}{" "}
        · {milliseconds(timing.total)}
      </summary>
      <dl>
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
