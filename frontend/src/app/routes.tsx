import { lazy, Suspense } from "react";
import { Route, Switch } from "wouter";

import { ReadingPage } from "@/features/reading";
import { ABOUT_MODEL_PATTERN, READING_PATH } from "@/lib/paths";

import { NotFoundPage } from "./not-found-page";

const AboutModelPage = lazy(async () => ({
  default: (await import("@/features/about-model")).AboutModelPage,
}));

export function AppRoutes() {
  return (
    <Suspense>
      <Switch>
        <Route path={READING_PATH}>
          <ReadingPage />
        </Route>
        <Route path={ABOUT_MODEL_PATTERN}>{({ name }) => <AboutModelPage key={name} name={name} />}</Route>
        <Route>
          <NotFoundPage />
        </Route>
      </Switch>
    </Suspense>
  );
}
