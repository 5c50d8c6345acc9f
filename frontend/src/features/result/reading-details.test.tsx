import { render, screen } from "@testing-library/react";
import { expect, it } from "vitest";

import { readingAnswer } from "@/lib/testing/answers";

import { ReadingDetails } from "./reading-details";

const answer = readingAnswer({ bacterial: 0.6, viral: 0.2, decision: "positive" });

it("names the site profile that a model reads with", () => {
  const site = { name: "ward-3", films: 120, date: "2026-05-06" };
  render(<ReadingDetails answer={{ ...answer, model: { ...answer.model, site } }} readAt={new Date()} />);
  expect(screen.getByText("ward-3, fitted to 120 radiographs on 2026-05-06")).toBeInTheDocument();
});

it("has no row for a site profile where there is none", () => {
  render(<ReadingDetails answer={answer} readAt={new Date()} />);
  expect(screen.queryByText("Site profile")).toBeNull();
});
