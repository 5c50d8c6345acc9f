import { Table } from "@mantine/core";

import type { Task } from "@/lib/api/types";
import { capitalised, decisionWords, figureWords, findingWords, say } from "@/lib/words/catalogue";

import { whyNotAssessed } from "./assessment";
import { splitWords } from "./card-words";
import styles from "./model-page.module.css";

function TaskRow({ task }: { readonly task: Task }) {
  const measured = task.metrics[task.assessment.split];
  const reason = whyNotAssessed(task);
  return (
    <Table.Tr>
      <Table.Th scope="row" className={styles.name ?? ""}>
        {capitalised(findingWords(task.finding))}
      </Table.Th>
      <Table.Td className={styles.figure ?? ""}>
        {measured ? (
          <>
            {measured.auroc.value.toFixed(3)}{" "}
            <span className={styles.range}>
              {measured.auroc.low.toFixed(3)} – {measured.auroc.high.toFixed(3)}
            </span>
          </>
        ) : (
          "–"
        )}
      </Table.Td>
      <Table.Td className={styles.number ?? ""}>{measured?.positives.toLocaleString("en") ?? "–"}</Table.Td>
      <Table.Td>{reason === null ? "yes" : `${decisionWords("not_assessed") ?? "no"}: ${reason}`}</Table.Td>
    </Table.Tr>
  );
}

/** All that a model decides on: how well, on how many positives, and whether that is enough. */
export function TaskTable({ tasks }: { readonly tasks: readonly Task[] }) {
  const splits = [...new Set(tasks.map(({ assessment }) => splitWords(assessment.split).title))];
  return (
    <Table verticalSpacing={6} horizontalSpacing="sm" className={styles.tasks ?? ""} captionSide="top">
      <Table.Caption className={styles.caption ?? ""}>
        {say("card", "tasks", { splits: splits.join(", "), auroc: figureWords("auroc") })}
      </Table.Caption>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">Finding</Table.Th>
          <Table.Th scope="col" className={styles.figure ?? ""}>
            {figureWords("auroc")}
          </Table.Th>
          <Table.Th scope="col" className={styles.number ?? ""}>
            Positives
          </Table.Th>
          <Table.Th scope="col">Assessed</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {tasks.map((task) => (
          <TaskRow key={task.finding} task={task} />
        ))}
      </Table.Tbody>
    </Table>
  );
}
