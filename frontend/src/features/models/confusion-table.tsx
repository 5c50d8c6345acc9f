import { Table } from "@mantine/core";

import type { SplitMetrics } from "@/lib/api/types";
import { findingWords } from "@/lib/words/catalogue";

import styles from "./model-page.module.css";

/** How many radiographs of each label have each most probable finding. */
export function ConfusionTable({ confusion }: Pick<SplitMetrics, "confusion">) {
  const truths = Object.keys(confusion);
  if (truths.length === 0) return null;
  return (
    <Table verticalSpacing={6} horizontalSpacing="sm" className={styles.confusion ?? ""} captionSide="top">
      <Table.Caption className={styles.caption ?? ""}>
        Confusion matrix: labelled (rows) against most probable finding
      </Table.Caption>
      <Table.Thead>
        <Table.Tr>
          <Table.Th rowSpan={2}>Labelled</Table.Th>
          <Table.Th colSpan={truths.length} scope="colgroup" className={styles.called ?? ""}>
            Most probable
          </Table.Th>
        </Table.Tr>
        <Table.Tr>
          {truths.map((called) => (
            <Table.Th key={called} scope="col" className={styles.called ?? ""}>
              {findingWords(called)}
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {truths.map((truth) => (
          <Table.Tr key={truth}>
            <Table.Th scope="row" className={styles.name ?? ""}>
              {findingWords(truth)}
            </Table.Th>
            {truths.map((called) => (
              <Table.Td
                key={called}
                className={styles.called ?? ""}
                data-right={called === truth || undefined}
              >
                {confusion[truth]?.[called] ?? 0}
              </Table.Td>
            ))}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
