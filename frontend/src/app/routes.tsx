import { lazy, Suspense } from "react";
import { Route, Switch } from "wouter";

import { ReadingPage } from "@/features/reading";
import { MODEL_PATTERN, modelOfPath, READING_PATH, RECEIVED_PATH } from "@/lib/paths";

import { NotFoundPage } from "./not-found-page";

const ModelPage = lazy(async () => ({
  default: (await import("@/features/models")).ModelPage,
}));

const ReceivedPage = lazy(async () => ({
  default: (await import("@/features/received")).ReceivedPage,
}));

export function AppRoutes() {
  return (
    <Suspense>
      <Switch>
        <Route path={READING_PATH}>
          <ReadingPage />
        </Route>
        <Route path={RECEIVED_PATH}>
          <ReceivedPage />
        </Route>
        <Route path={MODEL_PATTERN}>{({ name }) => <ModelPage key={name} name={modelOfPath(name)} />}</Route>
        <Route>
          <NotFoundPage />
        </Route>
      </Switch>
    </Suspense>
  );
}
