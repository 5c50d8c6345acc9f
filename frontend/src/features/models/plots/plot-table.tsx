import { Table } from "@mantine/core";

import styles from "./plots.module.css";

export interface PlotTableProps {
  /** What the table holds, for who hears it. */
  readonly caption: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** A plot's figures in rows, for who would rather read or hear them. */
export function PlotTable({ caption, columns, rows }: PlotTableProps) {
  return (
    <details className={styles.table}>
      <summary>As a table</summary>
      <div className={styles.scroll} role="region" aria-label={caption} tabIndex={0}>
        <Table verticalSpacing={3} horizontalSpacing="sm" aria-label={caption}>
          <Table.Thead>
            <Table.Tr>
              {columns.map((column) => (
                <Table.Th key={column} scope="col">
                  {column}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((cells, row) => (
              // Rows never move, and two may hold the same figures.
              <Table.Tr key={row}>
                {cells.map((cell, column) => (
                  <Table.Td key={column}>{cell}</Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </div>
    </details>
  );
}
