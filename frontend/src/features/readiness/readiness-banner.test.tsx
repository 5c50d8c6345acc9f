import { screen } from "@testing-library/react";
import { expect, it } from "vitest";

import { problem } from "@/lib/testing/answers";
import { renderInPage, stubFetch } from "@/lib/testing/render-page";

import { ReadinessBanner } from ".";

it("says why nothing can be read", async () => {
  stubFetch({ "/health/ready": { status: 503, body: problem("model-unavailable", 503) } });
  renderInPage(<ReadinessBanner />);
  expect(await screen.findByText(/Detail of model-unavailable/)).toBeVisible();
});

it("says that the server does not answer", async () => {
  stubFetch({});
  renderInPage(<ReadinessBanner />);
  expect(await screen.findByText(/The server does not answer/)).toBeVisible();
});
