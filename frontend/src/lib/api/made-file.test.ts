import { afterEach, describe, expect, it, vi } from "vitest";

import { makeFile } from "./made-file";
import { NoAnswerError, ProblemError } from "./problem";

const film = new File(["DICM"], "Lindqvist_Josephine.dcm");

function answerWith(answer: () => Promise<Response>) {
  const fetched = vi.fn<typeof fetch>(answer);
  vi.stubGlobal("fetch", fetched);
  return fetched;
}

afterEach(() => {
  vi.unstubAllGlobals();
});

describe("makeFile", () => {
  it("sends the file without its name and takes the new one", async () => {
    const headers = { "Content-Disposition": 'attachment; filename="0af3.dcm"' };
    const fetched = answerWith(() => Promise.resolve(new Response("new", { headers })));
    const { fileName, content, warning } = await makeFile("/deidentify", film);
    expect(fileName).toBe("0af3.dcm");
    expect(await content.text()).toBe("new");
    expect(warning).toBeNull();
    const sent = fetched.mock.calls[0]?.[1]?.body;
    expect(sent instanceof FormData && (sent.get("file") as File).name).toBe("film");
  });

  it("hands on what the server warns about", async () => {
    const headers = { Warning: '299 - "Writing may be burned into the picture."' };
    answerWith(() => Promise.resolve(new Response("new", { headers })));
    expect((await makeFile("/deidentify", film)).warning).toBe("Writing may be burned into the picture.");
  });

  it("throws the server's problem, and that no answer came", async () => {
    const body = JSON.stringify({ type: "/problems/corrupt-image", title: "Damaged", detail: "Damaged." });
    answerWith(() => Promise.resolve(new Response(body, { status: 400 })));
    await expect(makeFile("/deidentify", film)).rejects.toBeInstanceOf(ProblemError);
    answerWith(() => Promise.reject(new TypeError("offline")));
    await expect(makeFile("/deidentify", film)).rejects.toBeInstanceOf(NoAnswerError);
  });
});
