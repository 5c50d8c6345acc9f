import { Table } from "@mantine/core";
import type { ReactNode } from "react";

import type { Interval } from "@/lib/api/types";

import { IntervalMark, SCALE_START } from "./interval-mark";
import styles from "./model-page.module.css";

export interface IntervalRow {
  readonly name: string;
  readonly figure: Interval;
  readonly digits?: number;
  /** A difference, written with its sign. */
  readonly isDifference?: boolean;
  /** Said after the name, in a quieter tone. */
  readonly note?: string | undefined;
}

interface IntervalTableProps {
  readonly rows: readonly IntervalRow[];
  /** Draws the intervals on the line from 0.5 to 1. */
  readonly isDrawn?: boolean;
}

/** With a minus sign where one belongs, never on a nought; a difference with a plus, too. */
function inFigures(value: number, { digits = 3, isDifference = false }: IntervalRow): string {
  const words = value
    .toFixed(digits)
    .replace(/^-(?=[0.]*$)/, "")
    .replace("-", "\u2212");
  return isDifference && Number(value.toFixed(digits)) > 0 ? `+${words}` : words;
}

function Numbers({ children }: { readonly children: ReactNode }) {
  return <Table.Td className={styles.number ?? ""}>{children}</Table.Td>;
}

/** Figures, each with its 95 % interval. */
export function IntervalTable({ rows, isDrawn = false }: IntervalTableProps) {
  return (
    <Table verticalSpacing={6} horizontalSpacing="sm">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Figure</Table.Th>
          <Table.Th className={styles.number ?? ""}>Value</Table.Th>
          <Table.Th className={styles.number ?? ""}>95 % interval</Table.Th>
          {isDrawn && (
            <Table.Th className={styles.drawn ?? ""}>
              <span className={styles.scale}>
                <span>{SCALE_START}</span>
                <span>1</span>
              </span>
            </Table.Th>
          )}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map((row) => (
          <Table.Tr key={row.name}>
            <Table.Th scope="row" className={styles.name ?? ""}>
              {row.name}
              {row.note && <span className={styles.quiet}> – {row.note}</span>}
            </Table.Th>
            <Numbers>{inFigures(row.figure.value, row)}</Numbers>
            <Numbers>
              {inFigures(row.figure.low, row)} – {inFigures(row.figure.high, row)}
            </Numbers>
            {isDrawn && (
              <Table.Td className={styles.drawn ?? ""}>
                <IntervalMark {...row.figure} />
              </Table.Td>
            )}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
