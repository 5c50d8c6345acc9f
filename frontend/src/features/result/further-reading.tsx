import { Anchor } from "@mantine/core";
import { useId } from "react";
import { Link } from "wouter";

import { modelAddress, shownName } from "@/lib/api/model-readings";
import type { ReadingAnswer } from "@/lib/api/types";
import { modelPath } from "@/lib/paths";
import { mainVerdict } from "@/lib/words/reading-words";

import { ModelReading } from "./model-reading";
import styles from "./result.module.css";
import { useCard } from "./use-card";

interface FurtherReadingProps {
  readonly entryId: string;
  /** What this model answered. */
  readonly answer: ReadingAnswer;
  /** What all that read the film answered. */
  readonly film: ReadingAnswer;
}

/** What a model beside the main one made of a film. */
export function FurtherReading({ entryId, answer, film }: FurtherReadingProps) {
  const id = useId();
  const { rates_words: rates } = mainVerdict(answer);
  return (
    <section className={styles.further} aria-labelledby={id}>
      <ModelTitle id={id} answer={answer} />
      <ModelReading entryId={entryId} answer={answer} film={film} />
      {rates !== null && <p className={styles.rates}>{rates}</p>}
      <Anchor
        component={Link}
        href={modelPath(modelAddress(answer.model))}
        underline="always"
        className={styles.about}
      >
        Model card, {shownName(film, answer.model)}
      </Anchor>
    </section>
  );
}

interface ModelTitleProps {
  readonly id?: string;
  readonly answer: ReadingAnswer;
}

/** Which model it is, above what it made of a film. */
export function ModelTitle({ id, answer: { model } }: ModelTitleProps) {
  const card = useCard(model);
  return (
    <p {...(id !== undefined && { id })} className={styles.modelTitle}>
      {card && `${card.title} · `}
      {model.name} {model.version}
    </p>
  );
}
