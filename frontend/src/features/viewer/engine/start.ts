import { cache, getConfiguration, init as initCore, RenderingEngine } from "@cornerstonejs/core";
import { init as initDicomLoader } from "@cornerstonejs/dicom-image-loader";
import { init as initTools } from "@cornerstonejs/tools";

import { registerDicomFrames } from "./dicom-loader";
import { registerFilmLoader } from "./film-image";

const CACHE_BYTES = 512 * 2 ** 20;

/** What Cornerstone writes about the graphics card and its log level; nothing is to stay in the browser. */
const LEFT_IN_STORAGE = ["cornerstone3D.renderingCapabilities", "loglevel"];

let started: RenderingEngine | null = null;

/** Cornerstone's engine, started once: all films share its WebGL context. */
export function startEngine(): RenderingEngine {
  if (started) return started;
  const { rendering, ...settings } = getConfiguration();
  initCore({ ...settings, rendering: { ...rendering, webGlContextCount: 1 } });
  initDicomLoader({ maxWebWorkers: 1 });
  initTools();
  clearStorage();
  registerFilmLoader();
  registerDicomFrames();
  cache.setMaxCacheSize(CACHE_BYTES);
  started = new RenderingEngine("hilum");
  return started;
}

function clearStorage(): void {
  try {
    for (const key of LEFT_IN_STORAGE) localStorage.removeItem(key);
  } catch {
    // A browser that forbids storage has stored nothing.
  }
}
