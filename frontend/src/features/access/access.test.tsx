import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";

import { problemFrom } from "@/lib/api/problem";
import { problem } from "@/lib/testing/answers";
import { renderInPage, stubFetch } from "@/lib/testing/render-page";

import { SignInGate, SignOutButton } from ".";

/** A server with a token: it keeps whether the browser has a session. */
function stubServer(token: string, isSignedIn = false) {
  const server = { isSignedIn };
  vi.stubGlobal("fetch", async (request: Request) => {
    if (request.method === "POST") {
      const sent = (await request.json()) as { token: string };
      if (sent.token !== token)
        return new Response(JSON.stringify(problem("unauthenticated", 401)), { status: 401 });
      server.isSignedIn = true;
      return new Response(null, { status: 204 });
    }
    if (request.method === "DELETE") {
      server.isSignedIn = false;
      return new Response(null, { status: 204 });
    }
    return new Response(JSON.stringify({ is_required: true, is_signed_in: server.isSignedIn }));
  });
  return server;
}

const page = (
  <SignInGate>
    <p>The page</p>
    <SignOutButton />
  </SignInGate>
);

it("shows the page where no token is needed", async () => {
  stubFetch({ "/session": { status: 200, body: { is_required: false, is_signed_in: true } } });
  renderInPage(page);
  expect(await screen.findByText("The page")).toBeVisible();
  expect(screen.queryByRole("button", { name: "Sign out" })).not.toBeInTheDocument();
});

it("asks for the token, says that it is wrong, and shows the page once it is right", async () => {
  stubServer("the token");
  renderInPage(page);
  const field = await screen.findByLabelText(/Token/);
  await userEvent.type(field, "a guess{Enter}");
  expect(await screen.findByText(/Detail of unauthenticated/)).toBeVisible();
  expect(screen.queryByText("The page")).not.toBeInTheDocument();
  await userEvent.clear(field);
  await userEvent.type(field, "the token{Enter}");
  expect(await screen.findByText("The page")).toBeVisible();
});

it("signs out, and empties the page's memory", async () => {
  const server = stubServer("the token", true);
  const reload = vi.spyOn(window.location, "reload").mockImplementation(() => undefined);
  renderInPage(page);
  await userEvent.click(await screen.findByRole("button", { name: "Sign out" }));
  await waitFor(() => {
    expect(reload).toHaveBeenCalledOnce();
  });
  expect(server.isSignedIn).toBe(false);
});

it("asks for the token again once an answer says that the session has ended", async () => {
  const server = stubServer("the token", true);
  renderInPage(page);
  await screen.findByRole("button", { name: "Sign out" });
  server.isSignedIn = false;
  problemFrom(401, problem("unauthenticated", 401), null);
  await waitFor(() => {
    expect(screen.getByRole("heading", { name: "Sign in" })).toBeVisible();
  });
});
