import { Button, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type SyntheticEvent, useEffect, useRef, useState } from "react";

import { Article } from "@/components/article";
import { ProblemError } from "@/lib/api/problem";
import { signIn } from "@/lib/api/session";

import styles from "./access.module.css";

/** Asks for the server's token. */
export function SignInForm() {
  const [token, setToken] = useState("");
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    field.current?.focus();
  }, []);
  const queryClient = useQueryClient();
  const { mutate, error, isPending } = useMutation({
    mutationFn: signIn,
    // All that failed for want of the token is asked again.
    onSuccess: () => queryClient.invalidateQueries(),
  });
  const problem =
    error instanceof ProblemError
      ? error.problem.detail
      : error && "The server does not answer. Check that it runs.";
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    mutate(token);
  };
  return (
    <Article title="Sign in">
      <p>This server needs a token. Ask the person who runs it.</p>
      <form className={styles.form} onSubmit={submit}>
        <TextInput
          ref={field}
          label="Token"
          type="password"
          autoComplete="current-password"
          required
          value={token}
          error={problem}
          onChange={(event) => {
            setToken(event.currentTarget.value);
          }}
        />
        <Button type="submit" loading={isPending}>
          Sign in
        </Button>
      </form>
    </Article>
  );
}
