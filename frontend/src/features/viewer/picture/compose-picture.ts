/** What is seen, as one picture to copy or to save: films, layers, and what must not be lost with them. */
import { say } from "@/lib/words/catalogue";

import { cssGradientStops } from "../overlay/colour-map";

/** One film as it is on the screen. */
export interface PictureFilm {
  readonly canvas: HTMLCanvasElement;
  /** The pane that holds canvas and layers. */
  readonly pane: HTMLElement;
  /** The legend's words; null where no evidence is shown. */
  readonly legend: { readonly words: string; readonly opacity: number } | null;
  /** Lines below the film: notice, model, warnings. */
  readonly words: readonly string[];
}

const FONT = 'system-ui, "Segoe UI", Roboto, "Noto Sans", Arial, sans-serif';
const LINE_PX = 18;
const MARGIN_PX = 10;

/** What a drawing needs of the style sheets, which it does not take along. */
const DRAWN_STYLES = [
  "fill",
  "stroke",
  "stroke-width",
  "stroke-dasharray",
  "stroke-linecap",
  "stroke-linejoin",
  "vector-effect",
  "opacity",
  "paint-order",
  "font-family",
  "font-size",
  "font-weight",
] as const;

/** Layers and letters, and the measures that Cornerstone draws in the viewport. */
const DRAWINGS = ":scope > [data-overlay] > svg, :scope > [data-viewer] svg.svg-layer";

/** A drawing as a picture of its own. */
async function pictureOf(drawing: SVGSVGElement): Promise<HTMLImageElement> {
  const copy = drawing.cloneNode(true) as SVGSVGElement;
  const originals = [...drawing.querySelectorAll("*")];
  copy.querySelectorAll<SVGElement>("*").forEach((element, index) => {
    const original = originals[index];
    if (!original) return;
    const computed = getComputedStyle(original);
    for (const name of DRAWN_STYLES) element.style.setProperty(name, computed.getPropertyValue(name));
  });
  const { width, height } = drawing.getBoundingClientRect();
  copy.setAttribute("width", String(width));
  copy.setAttribute("height", String(height));
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  const picture = new Image();
  picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(copy))}`;
  await picture.decode();
  return picture;
}

async function drawLayers(context: CanvasRenderingContext2D, pane: HTMLElement): Promise<void> {
  const heat = pane.querySelector<HTMLCanvasElement>(":scope > [data-overlay] > canvas[data-heat]");
  if (heat) {
    const { transform, opacity } = getComputedStyle(heat);
    const { a, b, c, d, e, f } = new DOMMatrix(transform);
    context.save();
    context.transform(a, b, c, d, e, f);
    context.globalAlpha = Number(opacity);
    context.imageSmoothingQuality = "high";
    context.drawImage(heat, 0, 0);
    context.restore();
  }
  for (const drawing of pane.querySelectorAll<SVGSVGElement>(DRAWINGS)) {
    context.drawImage(await pictureOf(drawing), 0, 0);
  }
}

/** Words in lines no longer than a width. */
export function linesOf(words: string, widthPx: number, measure: (line: string) => number): string[] {
  const lines: string[] = [];
  for (const word of words.split(" ")) {
    const last = lines.at(-1);
    const longer = last === undefined ? word : `${last} ${word}`;
    if (last !== undefined && measure(longer) <= widthPx) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

function drawLegend(
  context: CanvasRenderingContext2D,
  { words, opacity }: NonNullable<PictureFilm["legend"]>,
  right: number,
  bottom: number,
): void {
  const [width, height] = [110, 9];
  const gradient = context.createLinearGradient(right - width, 0, right, 0);
  for (const [at, colour] of cssGradientStops(opacity)) gradient.addColorStop(at, colour);
  context.fillStyle = "#5b5f62";
  context.fillRect(right - width, bottom - height, width, height);
  context.fillStyle = gradient;
  context.fillRect(right - width, bottom - height, width, height);
  context.fillStyle = "#e8eff2";
  context.textAlign = "right";
  context.fillText(say("on_page", "legend", { title: words }), right, bottom - height - 6);
  context.textAlign = "left";
}

/**
 * Draws films side by side as they are seen, their words burned in below.
 *
 * The file's name is left out: it often holds a patient's.
 */
export async function composePicture(films: readonly PictureFilm[]): Promise<Blob> {
  const ratio = window.devicePixelRatio || 1;
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d");
  if (!context) throw new Error("This browser gives no canvas to draw on.");
  const font = `13px ${FONT}`;
  context.font = font;
  const laid = films.map((film) => {
    const { clientWidth: width, clientHeight: height } = film.pane;
    const measure = (line: string) => context.measureText(line).width;
    const lines = film.words.flatMap((words) => linesOf(words, width - 2 * MARGIN_PX, measure));
    return { ...film, width, height, lines };
  });
  const width = laid.reduce((sum, film) => sum + film.width, 0);
  const height = Math.max(...laid.map((film) => film.height));
  const foot = 2 * MARGIN_PX + LINE_PX * Math.max(...laid.map(({ lines }) => lines.length));
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round((height + foot) * ratio);
  context.scale(ratio, ratio);
  context.fillStyle = "#000";
  context.fillRect(0, 0, width, height + foot);
  let left = 0;
  for (const film of laid) {
    context.save();
    context.translate(left, 0);
    context.beginPath();
    context.rect(0, 0, film.width, height + foot);
    context.clip();
    context.drawImage(film.canvas, 0, 0, film.width, film.height);
    await drawLayers(context, film.pane);
    context.font = font;
    context.textBaseline = "alphabetic";
    if (film.legend) drawLegend(context, film.legend, film.width - MARGIN_PX, height - MARGIN_PX);
    context.fillStyle = "#e8eff2";
    film.lines.forEach((line, index) => {
      context.fillText(line, MARGIN_PX, height + MARGIN_PX + LINE_PX * (index + 0.75));
    });
    context.restore();
    left += film.width;
  }
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => {
      if (blob) resolve(blob);
      else reject(new Error("The picture could not be encoded."));
    }, "image/png");
  });
}
