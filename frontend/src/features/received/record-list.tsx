import { Skeleton } from "@mantine/core";
import { useMutation, useQueryClient, type UseQueryResult } from "@tanstack/react-query";
import { useId, useRef } from "react";

import { ProblemError } from "@/lib/api/problem";

import styles from "./received.module.css";
import { type RecordAction, RecordItem } from "./record-item";
import type { ReceivedRecord } from "./records";

interface RecordListProps {
  readonly title: string;
  readonly meaning: string;
  /** Said where there is nothing to list. */
  readonly none: string;
  readonly query: Pick<UseQueryResult<{ total: number } | undefined>, "data" | "error">;
  readonly records: readonly ReceivedRecord[] | undefined;
  /** First part of the keys of the queries that an action changes. */
  readonly queryKey: string;
  readonly retry?: { readonly label: string; readonly act: (id: number) => Promise<unknown> };
  readonly discard: { readonly question: string; readonly act: (id: number) => Promise<unknown> };
}

function problemOf(error: unknown): string {
  return error instanceof ProblemError
    ? error.problem.detail
    : "The server does not answer. Check that it runs.";
}

/** One list, with what can be done about each entry. */
export function RecordList(props: RecordListProps) {
  const { title, meaning, none, query, records, queryKey, retry, discard } = props;
  const heading = useId();
  const headingElement = useRef<HTMLHeadingElement>(null);
  const client = useQueryClient();
  const action = useMutation({
    mutationFn: (act: () => Promise<unknown>) => act(),
    // The entry goes, and its buttons with it.
    onSuccess: () => headingElement.current?.focus(),
    // After a failure too: another person may have acted on it before.
    onSettled: () => client.invalidateQueries({ queryKey: [queryKey] }),
  });
  const bind = ({ act }: { act: (id: number) => Promise<unknown> }, id: number): RecordAction["act"] => {
    return () => {
      action.mutate(() => act(id));
    };
  };
  const total = query.data?.total ?? 0;
  // Where the server does not answer, the next query says so for as long as that lasts.
  const failure = query.error ?? (action.error instanceof ProblemError ? action.error : null);
  return (
    <section aria-labelledby={heading} className={styles.section}>
      <h2 id={heading} ref={headingElement} tabIndex={-1}>
        {title}
        {total > 0 && <span className={styles.count}> {total}</span>}
      </h2>
      <p className={styles.meaning}>{meaning}</p>
      <p role="status" className={styles.problem}>
        {failure && problemOf(failure)}
      </p>
      {!query.data && !query.error && <Skeleton height={12} width="60%" />}
      {query.data && total === 0 && <p className={styles.none}>{none}</p>}
      {records && records.length > 0 && (
        <ul className={styles.list}>
          {records.map((record) => (
            <RecordItem
              key={record.id}
              record={record}
              isBusy={action.isPending}
              retry={retry && { label: retry.label, act: bind(retry, record.id) }}
              discard={{ label: discard.question, act: bind(discard, record.id) }}
            />
          ))}
        </ul>
      )}
      {records && total > records.length && (
        <p className={styles.none}>
          The latest {records.length} of {total} are listed.
        </p>
      )}
    </section>
  );
}
