import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render } from "@testing-library/react";
import type { ReactNode } from "react";
import { vi } from "vitest";

type Answers = Readonly<Record<string, { readonly status: number; readonly body: unknown }>>;

/** Answers `fetch` by path; a path that is not named fails as an unreachable server does. */
export function stubFetch(answers: Answers): void {
  const answerTo = (request: Request): Promise<Response> => {
    const answer = answers[new URL(request.url).pathname];
    if (!answer) return Promise.reject(new TypeError("Failed to fetch"));
    return Promise.resolve(new Response(JSON.stringify(answer.body), { status: answer.status }));
  };
  vi.stubGlobal("fetch", answerTo);
}

/** Draws a part of the page within what it expects around it. */
export function renderInPage(children: ReactNode) {
  const queryClient = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  return render(
    <MantineProvider env="test">
      <QueryClientProvider client={queryClient}>{children}</QueryClientProvider>
    </MantineProvider>,
  );
}
