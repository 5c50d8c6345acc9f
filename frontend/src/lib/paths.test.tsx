import { render, screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { Route, Router } from "wouter";
import { memoryLocation } from "wouter/memory-location";

import { MODEL_PATTERN, modelOfPath, modelPath } from "./paths";

function nameAt(path: string): string | null {
  const { hook } = memoryLocation({ path, static: true });
  render(
    <Router hook={hook}>
      <Route path={MODEL_PATTERN}>{({ name }) => <output>{modelOfPath(name)}</output>}</Route>
    </Router>,
  );
  return screen.getByRole("status").textContent;
}

it("names a version with a site profile", () => {
  expect(nameAt(modelPath("four@1.0.0+ward-3.0123abcd"))).toBe("four@1.0.0+ward-3.0123abcd");
});

it.each([modelPath("four"), modelPath("four@1.0.0"), "/about/four%401.0.0"])(
  "names the model of the address %s",
  (path) => {
    expect(nameAt(path)).toBe(path === "/about/four" ? "four" : "four@1.0.0");
  },
);
