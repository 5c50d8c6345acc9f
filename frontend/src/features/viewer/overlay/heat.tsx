import { useEffect, useRef } from "react";

import type { EvidenceMap } from "@/lib/api/types";

import { gridMatrix, type Matrix, transformOf } from "../film/geometry";
import { paint } from "./colour-map";
import styles from "./overlay.module.css";

async function drawHeat(canvas: HTMLCanvasElement, map: EvidenceMap, signal: AbortSignal): Promise<void> {
  const bytes = Uint8Array.from(atob(map.png), (letter) => letter.charCodeAt(0));
  const options = { colorSpaceConversion: "none" } as const;
  const bitmap = await createImageBitmap(new Blob([bytes], { type: "image/png" }), options);
  const context = canvas.getContext("2d");
  if (!context || signal.aborted) return;
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  const pixels = context.getImageData(0, 0, map.columns, map.rows);
  paint(pixels.data);
  context.putImageData(pixels, 0, 0);
  canvas.dataset.drawn = "true";
}

interface HeatProps {
  readonly map: EvidenceMap;
  readonly matrix: Matrix;
  readonly opacity: number;
}

/** A finding's evidence as a warm light on the film: a small canvas that CSS lays over it. */
export function Heat({ map, matrix, opacity }: HeatProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const flight = new AbortController();
    // A map that the browser can't decode leaves the film as it is; its words stand beside it.
    if (canvas.current) drawHeat(canvas.current, map, flight.signal).catch(() => undefined);
    return () => {
      flight.abort();
    };
  }, [map]);
  return (
    <canvas
      ref={canvas}
      width={map.columns}
      height={map.rows}
      className={styles.heat}
      data-heat
      style={{ transform: transformOf(gridMatrix(matrix, map.box, map)), opacity }}
    />
  );
}
