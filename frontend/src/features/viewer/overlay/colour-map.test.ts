import { describe, expect, it } from "vitest";

import { colourOf, colourTable, coverOf, paint, type Rgb } from "./colour-map";

const SHARES = Array.from({ length: 33 }, (_, index) => index / 32);

function linear(channel: number): number {
  const share = channel / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
}

/** CIE L* of an sRGB colour (IEC 61966-2-1, D65). */
function lightness([red, green, blue]: Rgb): number {
  const luminance = 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
  return luminance > 216 / 24389 ? 116 * Math.cbrt(luminance) - 16 : (luminance * 24389) / 27;
}

/** As a person without green cones sees it (Machado, Oliveira and Fernandes 2009, severity 1). */
function withoutGreenCones([red, green, blue]: Rgb): Rgb {
  const [r, g, b] = [linear(red), linear(green), linear(blue)];
  const seen = [
    0.367322 * r + 0.860646 * g - 0.227968 * b,
    0.280085 * r + 0.672501 * g + 0.047413 * b,
    -0.01182 * r + 0.04294 * g + 0.968881 * b,
  ].map((channel) => {
    const within = Math.min(Math.max(channel, 0), 1);
    return 255 * (within <= 0.0031308 ? 12.92 * within : 1.055 * within ** (1 / 2.4) - 0.055);
  });
  return seen as unknown as Rgb;
}

function steps(values: number[]): number[] {
  return values.slice(1).map((value, index) => value - (values[index] ?? NaN));
}

describe("the colours of evidence", () => {
  it("get lighter by equal steps, as perceptually uniform colours do", () => {
    const changes = steps(SHARES.map((share) => lightness(colourOf(share))));
    const mean = changes.reduce((sum, change) => sum + change, 0) / changes.length;
    expect(mean).toBeGreaterThan(1.5);
    for (const change of changes) {
      expect(change).toBeGreaterThan(0.5 * mean);
      expect(change).toBeLessThan(1.5 * mean);
    }
  });

  it("get lighter for a person without green cones too", () => {
    const changes = steps(SHARES.map((share) => lightness(withoutGreenCones(colourOf(share)))));
    for (const change of changes) expect(change).toBeGreaterThan(0.5);
  });

  it("are clear where there is none, and cover more the more there is", () => {
    expect(coverOf(0)).toBe(0);
    expect(colourTable()[3]).toBe(0);
    for (const change of steps(SHARES.map(coverOf))) expect(change).toBeGreaterThan(0);
  });

  it("do not veil the film where there is but a tenth of the most", () => {
    expect(coverOf(0.1)).toBeLessThan(0.03);
    expect(coverOf(0.5)).toBeCloseTo(0.5);
    expect(coverOf(1)).toBe(1);
  });

  it("paint each grey level of a map in its own", () => {
    const pixels = Uint8ClampedArray.from([0, 0, 0, 255, 255, 255, 255, 255]);
    paint(pixels);
    expect(pixels[3]).toBe(0);
    expect([...pixels.slice(4)]).toEqual([...colourOf(1), 255]);
  });
});
