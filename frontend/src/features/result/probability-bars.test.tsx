import { render, screen, within } from "@testing-library/react";
import { MantineProvider } from "@mantine/core";
import { describe, expect, it } from "vitest";

import { findings } from "@/lib/testing/answers";

import { ProbabilityBars } from "./probability-bars";

type Zone = [number, number] | null;

const TASKS: Parameters<typeof ProbabilityBars>[0]["tasks"] = [
  { finding: "pneumonia", parts: ["bacterial_pneumonia", "viral_pneumonia"] },
];

/** The probabilities' list, and the box that shades the uncertain zone in each of its bars. */
function drawn(zone: Zone) {
  render(
    <MantineProvider>
      <ProbabilityBars findings={findings(0.3, 0.2)} uncertainBetween={zone} tasks={TASKS} isSum />
    </MantineProvider>,
  );
  const rows = screen.getAllByRole("listitem");
  const zones = rows.flatMap((row) => [...row.querySelectorAll<HTMLElement>("[data-zone]")]);
  return { rows, zones };
}

describe("ProbabilityBars", () => {
  it("shade, on the bar of the finding with the operating point alone, where the model cannot tell", () => {
    const { rows, zones } = drawn([0.25, 0.625]);
    expect(zones.map(({ style }) => [style.left, style.right])).toEqual([["25%", "37.5%"]]);
    expect(rows[0]).toContainElement(zones[0] ?? null);
    expect(within(rows[0] as HTMLElement).getByText("Pneumonia")).toBeVisible();
  });

  it("stand in the order of the card: a finding, its parts, other outputs", () => {
    const { rows } = drawn(null);
    expect(rows.map((row) => [row.dataset["code"], row.dataset["part"]])).toEqual([
      ["pneumonia", undefined],
      ["bacterial_pneumonia", "true"],
      ["viral_pneumonia", "true"],
      ["normal", undefined],
    ]);
    expect(screen.getByText(/Bacterial pneumonia and viral pneumonia add up to pneumonia\./)).toBeVisible();
  });

  it("say in words what is shaded", () => {
    const { rows } = drawn([0.25, 0.625]);
    expect(within(rows[0] as HTMLElement).getByText(/^uncertain from 25\s% to 62.5\s%$/)).toBeInTheDocument();
    expect(screen.getByText(/shaded zone, from 25\s% to 62.5\s%, the model cannot tell/)).toBeVisible();
  });

  it.each<[string, Zone]>([
    ["has none", null],
    ["has one of no width", [0.5, 0.5]],
  ])("shade nothing for a model that %s", (_, zone) => {
    const { zones } = drawn(zone);
    expect(zones).toEqual([]);
    expect(screen.queryByText(/cannot tell|uncertain/)).not.toBeInTheDocument();
  });
});
