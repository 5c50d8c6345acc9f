import { Anchor, Button } from "@mantine/core";
import { Link } from "wouter";

import { Icon } from "@/components/icon";
import type { ReadingAnswer } from "@/lib/api/types";
import { aboutModelPath } from "@/lib/paths";

import { HeartAndLungs } from "../anatomy/heart-and-lungs";
import { readingFileName, readingJson } from "../download/reading-json";
import { saveText } from "../download/save-text";
import { DecisionMark } from "./decision-mark";
import { ImageWarnings } from "./image-warnings";
import { ProbabilityBars } from "./probability-bars";
import { ReadingDetails } from "./reading-details";
import { decisionWords, readingSentence } from "./reading-sentence";
import styles from "./result.module.css";

interface ReadingResultProps {
  readonly fileName: string;
  readonly answer: ReadingAnswer;
  readonly readAt: Date;
}

export function ReadingResult({ fileName, answer, readAt }: ReadingResultProps) {
  const { decision, findings, model, image } = answer;
  return (
    <div className={styles.stack}>
      <div>
        <p className={styles.decision} data-decision={decision}>
          <DecisionMark decision={decision} sizePx={15} />
          {decisionWords[decision]}
        </p>
        <h2 className={styles.sentence}>{readingSentence(answer)}</h2>
      </div>
      <p className={styles.population}>
        <span className={styles.label}>The model is meant for</span> {model.intended_population}. For anyone
        else its figures may be wrong.
      </p>
      <ImageWarnings image={image} />
      <ProbabilityBars findings={findings} />
      {answer.anatomy && <HeartAndLungs anatomy={answer.anatomy} />}
      <div className={styles.actions}>
        <Button
          size="xs"
          variant="default"
          leftSection={<Icon name="download" sizePx={14} />}
          onClick={() => {
            saveText(readingFileName(fileName), "application/json", readingJson(fileName, readAt, answer));
          }}
        >
          Download as JSON
        </Button>
        <Anchor
          component={Link}
          href={aboutModelPath(model.name)}
          underline="always"
          className={styles.about}
        >
          How good this model is
        </Anchor>
      </div>
      <ReadingDetails answer={answer} readAt={readAt} />
    </div>
  );
}
