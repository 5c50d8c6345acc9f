import { Button } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";

import { exampleFile, type ExampleFilm, examplesQuery } from "@/lib/api/examples";

import { useSession } from "../store/session-context";
import styles from "./synthetic-examples.module.css";

/** Synthetic films to try the service with; each goes the way of a file that was dropped. */
export function SyntheticExamples() {
  const session = useSession();
  const { data: films } = useQuery(examplesQuery);
  const load = useMutation({
    mutationFn: exampleFile,
    onSuccess: (file) => session.take([file]),
    networkMode: "always",
  });
  if (!films?.length) return null;
  return (
    <section className={styles.examples} aria-labelledby="synthetic-examples">
      <h3 id="synthetic-examples" className={styles.title}>
        Synthetic examples
      </h3>
      <p className={styles.about}>No radiograph at hand? These are drawn by a program and show no patient.</p>
      <ul className={styles.films}>
        {films.map((film) => (
          <li key={film.name}>
            <ExampleButton
              film={film}
              isLoading={load.isPending && load.variables.name === film.name}
              onChoose={load.mutate}
            />
          </li>
        ))}
      </ul>
      <p role="status" className={styles.failure}>
        {load.isError && "The example could not be loaded. Try it again."}
      </p>
    </section>
  );
}

interface ExampleButtonProps {
  readonly film: ExampleFilm;
  readonly isLoading: boolean;
  readonly onChoose: (film: ExampleFilm) => void;
}

function ExampleButton({ film, isLoading, onChoose }: ExampleButtonProps) {
  return (
    <Button
      size="xs"
      variant="default"
      className={styles.film ?? ""}
      loading={isLoading}
      title={film.description}
      onClick={() => {
        onChoose(film);
      }}
    >
      {film.label}
    </Button>
  );
}
