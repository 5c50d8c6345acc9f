import { fireEvent, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";

import { anatomyAnswer, ratioAnswer, readingAnswer } from "@/lib/testing/answers";
import { renderInPage } from "@/lib/testing/render-page";
import type { ReadingAnswer } from "@/lib/api/types";

import { LayeredPicture } from "../layered-picture";
import { ShownLayersProvider } from "./shown-layers";

const reading = readingAnswer({ bacterial: 0.7, viral: 0.2, decision: "positive" });

function renderFilm(anatomy: ReadingAnswer["anatomy"], names = ["chest.jpg"]) {
  const { container } = renderInPage(
    <ShownLayersProvider>
      {names.map((name) => (
        <section key={name} aria-label={name}>
          <LayeredPicture
            url="blob:film"
            fileName={name}
            answer={anatomy ? { ...reading, anatomy } : reading}
            onCannotDraw={() => undefined}
          />
        </section>
      ))}
    </ShownLayersProvider>,
  );
  const drawn = (selector: string) => [...container.querySelectorAll(selector)];
  return { user: userEvent.setup(), drawn };
}

describe("layers over the film", () => {
  it("begin with the ratio's lines, the lungs and the heart left free", () => {
    const { drawn } = renderFilm(anatomyAnswer());
    const switches = within(screen.getByRole("group", { name: "Layers" })).getAllByRole("checkbox");
    expect(switches.map((each) => (each as HTMLInputElement).checked)).toEqual([false, false, true]);
    expect(drawn("[data-organ]")).toHaveLength(0);
    expect(drawn("[data-diameter]")).toHaveLength(2);
  });

  it("are switched by the keyboard", async () => {
    const { user, drawn } = renderFilm(anatomyAnswer());
    await user.tab();
    expect(screen.getByRole("checkbox", { name: "Lungs" })).toHaveFocus();
    await user.keyboard(" ");
    expect(drawn("[data-organ]").map((each) => each.getAttribute("data-organ"))).toEqual([
      "right_lung",
      "left_lung",
    ]);
    await user.tab();
    await user.keyboard(" ");
    expect(drawn('[data-organ="heart"]')).toHaveLength(1);
    await user.tab();
    await user.keyboard(" ");
    expect(drawn("[data-diameter]")).toHaveLength(0);
  });

  it("are drawn in the radiograph's own pixels", async () => {
    const { user, drawn } = renderFilm(anatomyAnswer());
    await user.click(screen.getByRole("checkbox", { name: "Heart" }));
    expect(drawn("svg[viewBox='0 0 1800 1400'] path")[0]).toHaveAttribute(
      "d",
      "M720 200L1282 200L1282 1100L720 1100Z",
    );
    // 720 / 1800 = 40 %, (1282 - 720) / 1800 = 31.2 %, 900 / 1400 = 64.3 %
    const style = drawn('[data-diameter="heart"]')[0]?.getAttribute("style") ?? "";
    expect(style).toMatch(/left: 40%/);
    expect(style).toMatch(/width: 31\.2\d*%/);
    expect(style).toMatch(/top: 64\.2\d*%/);
  });

  it("hold for every film of the session", async () => {
    const { user, drawn } = renderFilm(anatomyAnswer(), ["a.jpg", "b.jpg"]);
    const [first] = screen.getAllByRole("checkbox", { name: "Lungs" });
    if (first) await user.click(first);
    expect(drawn('[data-organ="right_lung"]')).toHaveLength(2);
  });

  it("are named with their widths where the spacing is known", () => {
    renderFilm(anatomyAnswer({ cardiothoracic_ratio: ratioAnswer({ heart_mm: 131.6, thorax_mm: 299 }) }));
    expect(screen.getByText("Heart 132 mm")).toBeInTheDocument();
    expect(screen.getByText("Chest 299 mm")).toBeInTheDocument();
  });

  it("have no switch where there is nothing to draw", () => {
    const nothing = { area: null, area_mm2: null, polygons: [] };
    renderFilm(
      anatomyAnswer({
        cardiothoracic_ratio: ratioAnswer({ value: null, valid: false, lines: null }),
        right_lung: nothing,
        left_lung: nothing,
        heart: nothing,
      }),
    );
    expect(screen.queryByRole("checkbox")).not.toBeInTheDocument();
  });

  it("are left out without anatomy", () => {
    const { drawn } = renderFilm(null);
    expect(screen.getByRole("img", { name: "Radiograph chest.jpg" })).toBeVisible();
    expect(screen.queryByRole("group", { name: "Layers" })).not.toBeInTheDocument();
    expect(drawn("[data-layer]")).toHaveLength(0);
  });

  it("are left out where the browser draws the file in another size than it was read in", () => {
    const { drawn } = renderFilm(anatomyAnswer());
    const film = screen.getByRole("img", { name: "Radiograph chest.jpg" });
    Object.defineProperties(film, { naturalWidth: { value: 1400 }, naturalHeight: { value: 1800 } });
    fireEvent.load(film);
    expect(drawn("[data-layer]")).toHaveLength(0);
    expect(screen.getByText(/in another size than it was read in/)).toBeVisible();
  });
});
