import { NativeSelect } from "@mantine/core";
import { useState } from "react";

import { Article } from "@/components/article";
import type { ModelCard } from "@/lib/api/types";
import { capitalised, findingWords, say } from "@/lib/words/catalogue";

import { CardOrigins, CardPurpose } from "./card-parts";
import styles from "./model-page.module.css";
import { TaskTable } from "./task-table";
import { TaskView } from "./task-view";

/** The main task, then the others. */
function tasksInOrder({ tasks, main }: ModelCard): ModelCard["tasks"] {
  return [...tasks].sort((a, b) => Number(b.finding === main) - Number(a.finding === main));
}

function siteFields({ name, images, patients, created }: NonNullable<ModelCard["site"]>) {
  return { site: name, films: images, patients, date: created };
}

/** A classifier's card: what it is for, how well it decides on each finding, what it was trained on. */
export function CardView({ card }: { readonly card: ModelCard }) {
  const tasks = tasksInOrder(card);
  const [chosen, setChosen] = useState<string>(card.main);
  const task = tasks.find(({ finding }) => finding === chosen) ?? tasks[0];
  return (
    <Article title={card.title}>
      <CardPurpose card={card} />

      {tasks.length > 1 && (
        <>
          <h2>Findings</h2>
          <TaskTable tasks={tasks} />
        </>
      )}

      <h2>Performance</h2>
      {card.site && <p>{say("card", "site", siteFields(card.site))}</p>}
      {task && tasks.length > 1 && (
        <NativeSelect
          label="Finding"
          size="xs"
          className={styles.splitChoice ?? ""}
          value={task.finding}
          onChange={({ currentTarget }) => {
            setChosen(currentTarget.value);
          }}
          data={tasks.map(({ finding }) => ({ value: finding, label: capitalised(findingWords(finding)) }))}
        />
      )}
      {task && <TaskView key={task.finding} task={task} />}

      <CardOrigins card={card} />
    </Article>
  );
}
