import { fireEvent, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";

import { layersOf, ShownLayersProvider, useShownLayers } from "@/features/layers";
import type { ReadingAnswer } from "@/lib/api/types";
import { anatomyAnswer, ratioAnswer } from "@/lib/testing/anatomy-answers";
import { readingAnswer } from "@/lib/testing/answers";
import { evidenceAnswer } from "@/lib/testing/evidence-answers";
import { renderInPage } from "@/lib/testing/render-page";

import type { Matrix } from "../film/geometry";
import { LayerSwitches } from "./layer-switches";
import { Overlay } from "./overlay";

const read = readingAnswer({ bacterial: 0.7, viral: 0.2, decision: "positive" });
const HALF: Matrix = [0.5, 0, 0, 0.5, 10, 20];

function Film({ answer, matrix }: { readonly answer: ReadingAnswer; readonly matrix: Matrix }) {
  const layers = useShownLayers();
  const finding = answer.evidence?.findings[0] ?? null;
  return (
    <>
      <Overlay answer={answer} finding={finding} region="heart" matrix={matrix} layers={layers} />
      <LayerSwitches layers={layersOf(answer)} />
    </>
  );
}

function renderFilm(changes: Partial<ReadingAnswer>, matrix = HALF) {
  const { container } = renderInPage(
    <ShownLayersProvider>
      <Film answer={{ ...read, ...changes }} matrix={matrix} />
    </ShownLayersProvider>,
  );
  const drawn = (selector: string) => [...container.querySelectorAll(selector)];
  const names = (selector: string) => drawn(selector).map((each) => each.getAttribute("data-outline"));
  return { user: userEvent.setup(), drawn, names };
}

describe("layers over the film", () => {
  it("are switched by the keyboard", async () => {
    const { user, names, drawn } = renderFilm({ anatomy: anatomyAnswer() });
    await user.tab();
    expect(screen.getByRole("checkbox", { name: "Lungs" })).toHaveFocus();
    expect(names("[data-layer=lungs] [data-outline]")).toEqual([]);
    await user.keyboard(" ");
    expect(names("[data-layer=lungs] [data-outline]")).toEqual(["right_lung", "left_lung"]);
    screen.getByRole("checkbox", { name: "Ratio" }).focus();
    expect(drawn("[data-diameter]")).toHaveLength(2);
    await user.keyboard(" ");
    expect(drawn("[data-diameter]")).toHaveLength(0);
  });

  it("are drawn in the radiograph's own pixels, and placed by the matrix", async () => {
    const { user, drawn } = renderFilm({ anatomy: anatomyAnswer() });
    await user.click(screen.getByRole("checkbox", { name: "Heart" }));
    const heart = drawn("[data-layer=heart]")[0];
    expect(heart).toHaveAttribute("transform", "matrix(0.5, 0, 0, 0.5, 10, 20)");
    expect(heart?.querySelector("path")).toHaveAttribute("d", "M720 200L1282 200L1282 1100L720 1100Z");
    // Heart's diameter from (720, 900) to (1282, 900), halved and moved: (370, 470) to (651, 470).
    expect(drawn("[data-diameter=heart] path")[0]?.getAttribute("d")).toMatch(/^M370 470L651 470/);
  });

  it("draw two diameters at one height apart", () => {
    const ratio = ratioAnswer();
    const lines = { heart: ratio.lines?.heart, thorax: ratio.lines?.heart } as typeof ratio.lines;
    const { drawn } = renderFilm({
      anatomy: { ...anatomyAnswer(), cardiothoracic_ratio: { ...ratio, lines } },
    });
    const paths = ["heart", "thorax"].map(
      (name) => drawn(`[data-diameter=${name}] path`)[0]?.getAttribute("d")?.split("L")[0],
    );
    // Both were measured at (370, 470) of the screen, and are to be 14 pixels apart.
    expect(paths).toEqual(["M370 463", "M370 477"]);
  });

  it("keep the ratio's letters upright on a film that was turned", () => {
    const { drawn } = renderFilm({ anatomy: anatomyAnswer() }, [0, 1, -1, 0, 1000, 0]);
    // (720, 900) goes to (100, 720), (1282, 900) to (100, 1282).
    const diameter = drawn("[data-diameter=heart]")[0];
    expect(diameter?.querySelector("path")?.getAttribute("d")).toMatch(/^M100 720L100 1282/);
    expect(diameter?.querySelector("text")).not.toHaveAttribute("transform");
  });

  it("lay the evidence over its box, as strong as asked for", () => {
    const { drawn } = renderFilm({ evidence: evidenceAnswer() });
    const [heat] = drawn("canvas[data-heat]");
    // A cell of 200 by 250 pixels, halved; the box begins at (200, 100): (110, 70).
    expect(heat?.getAttribute("style")).toContain("matrix(100, 0, 0, 125, 110, 70)");
    const fader = screen.getByRole("slider", { name: "Evidence: opacity" });
    fireEvent.change(fader, { target: { value: "30" } });
    expect(drawn("canvas[data-heat]")[0]?.getAttribute("style")).toMatch(/opacity: 0\.3/);
  });

  it("draw no evidence where the map is empty", () => {
    const [finding] = evidenceAnswer().findings;
    if (!finding?.map) throw new Error("The fixture has a map.");
    const empty = { ...finding, map: { ...finding.map, maximum: 0 }, contours: [] };
    const { drawn } = renderFilm({ evidence: evidenceAnswer({ findings: [empty] }) });
    expect(drawn("canvas")).toHaveLength(0);
    expect(screen.queryByRole("checkbox", { name: "Evidence" })).not.toBeInTheDocument();
  });

  it("give the thin lines their sliders on request", async () => {
    const { user } = renderFilm({ anatomy: anatomyAnswer(), evidence: evidenceAnswer() });
    const sliders = () =>
      within(screen.getByRole("group", { name: "Layers" }))
        .getAllByRole("slider")
        .map((each) => each.getAttribute("aria-label"));
    expect(sliders()).toEqual(["Evidence: opacity"]);
    await user.click(screen.getByRole("button", { name: "Fade" }));
    expect(sliders()).toHaveLength(5);
    expect(sliders()).toContain("Ratio: opacity");
  });

  it("mark the region that was chosen, with its share", () => {
    const { names } = renderFilm({ anatomy: anatomyAnswer(), evidence: evidenceAnswer() });
    expect(names("[data-layer=region] [data-outline]")).toEqual(["heart"]);
    expect(screen.getByText("Heart shadow and lung behind it 31 %")).toBeInTheDocument();
  });

  it("are named with their widths where the spacing is known", () => {
    const ratio = ratioAnswer({ heart_mm: 131.6, thorax_mm: 299 });
    renderFilm({ anatomy: anatomyAnswer({ cardiothoracic_ratio: ratio }) });
    expect(screen.getByText("Heart 132 mm")).toBeInTheDocument();
    expect(screen.getByText("Chest 299 mm")).toBeInTheDocument();
  });

  it("have no switch where there is nothing to draw", () => {
    const nothing = { area: null, area_mm2: null, polygons: [] };
    const ratio = ratioAnswer({ value: null, valid: false, lines: null });
    const anatomy = anatomyAnswer({
      cardiothoracic_ratio: ratio,
      right_lung: nothing,
      left_lung: nothing,
      heart: nothing,
    });
    renderFilm({ anatomy });
    expect(screen.queryByRole("checkbox")).not.toBeInTheDocument();
  });
});
