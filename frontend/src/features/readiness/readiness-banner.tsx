import { useQuery } from "@tanstack/react-query";

import { Icon } from "@/components/icon";
import { NoAnswerError, ProblemError } from "@/lib/api/problem";
import { readinessQuery } from "@/lib/api/queries";

import styles from "./readiness-banner.module.css";

function reason(error: unknown): string {
  if (error instanceof ProblemError) return `The server can't read radiographs now: ${error.problem.detail}`;
  if (error instanceof NoAnswerError) return "The server does not answer. Check that it runs.";
  return "It is not known whether the server can read radiographs.";
}

/** Says why nothing can be read, for as long as that is so. */
export function ReadinessBanner() {
  const { error } = useQuery(readinessQuery);
  return (
    <div role="status">
      {error && (
        <p className={styles.banner}>
          <Icon name="alert" />
          <span>
            {reason(error)} <span className={styles.quiet}>Checked every five seconds.</span>
          </span>
        </p>
      )}
    </div>
  );
}
