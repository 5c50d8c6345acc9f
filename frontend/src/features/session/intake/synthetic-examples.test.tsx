import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";

import { renderInPage, stubFetch } from "@/lib/testing/render-page";

import { ReadingSession } from "../store/reading-session";
import { SessionProvider } from "../store/session-context";
import { SyntheticExamples } from "./synthetic-examples";

const FILM = {
  name: "upside-down",
  label: "Upside down",
  description: "Turned by 180°",
  file_name: "synthetic-upside-down.jpg",
  media_type: "image/jpeg",
};
const LISTED = { "/examples": { status: 200, body: { examples: [FILM] } } };

function renderExamples() {
  const read: File[] = [];
  const session = new ReadingSession((file) => {
    read.push(file);
    return new Promise(() => undefined);
  });
  renderInPage(
    <SessionProvider session={session}>
      <SyntheticExamples />
    </SessionProvider>,
  );
  return read;
}

it("sends an example the way of a file that was dropped, by the keyboard alone", async () => {
  const user = userEvent.setup();
  stubFetch({ ...LISTED, "/examples/upside-down": { status: 200, body: "a film" } });
  const read = renderExamples();
  expect(await screen.findByRole("heading", { name: "Synthetic examples" })).toBeVisible();
  const button = screen.getByRole("button", { name: "Upside down" });
  expect(button).toHaveAccessibleDescription("Turned by 180°");
  await user.tab();
  expect(button).toHaveFocus();
  await user.keyboard("{Enter}");
  await expect.poll(() => read.map(({ name }) => name)).toEqual(["synthetic-upside-down.jpg"]);
  expect(await read[0]?.text()).toContain("a film");
});

it("says where an example could not be loaded", async () => {
  const user = userEvent.setup();
  stubFetch(LISTED);
  renderExamples();
  await user.click(await screen.findByRole("button", { name: "Upside down" }));
  expect(await screen.findByText("The example could not be loaded. Try it again.")).toBeVisible();
});

it("is not there where the server has none", async () => {
  stubFetch({ "/examples": { status: 200, body: { examples: [] } } });
  renderExamples();
  await Promise.resolve();
  expect(screen.queryByText("Synthetic examples")).not.toBeInTheDocument();
});
