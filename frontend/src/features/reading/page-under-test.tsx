import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";

import { ReadingSession } from "@/features/session";
import { POPULATION, readingAnswer } from "@/lib/testing/answers";
import { FakeXhr } from "@/lib/testing/fake-xhr";
import { renderInPage, stubFetch } from "@/lib/testing/render-page";

import { ReadingPage, ReadingProvider } from ".";

export const JPEG_HEAD = Uint8Array.from([0xff, 0xd8, 0xff, 0xe0]);
export const answer = readingAnswer({ bacterial: 0.7, viral: 0.25, decision: "positive" });

export function jpeg(name: string): File {
  return new File([JPEG_HEAD], name, { type: "image/jpeg" });
}

/** Lets tests answer uploads, on a server that has one model. */
export function stubServer() {
  FakeXhr.install();
  stubFetch({
    "/models": {
      status: 200,
      body: {
        automatic: false,
        default: "pneumonia",
        models: [
          {
            name: "pneumonia",
            address: "pneumonia",
            ready: true,
            intended_population: POPULATION,
            findings: [],
            decides_on: ["pneumonia"],
          },
        ],
      },
    },
  });
}

export function renderPage() {
  const user = userEvent.setup({ applyAccept: false });
  renderInPage(
    <ReadingProvider session={new ReadingSession()}>
      <ReadingPage />
    </ReadingProvider>,
  );
  const choose = (...files: File[]) => user.upload(screen.getByLabelText("Choose radiographs"), files);
  return { user, choose };
}
