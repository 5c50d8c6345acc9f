import { getShouldUseCPURendering, type Types } from "@cornerstonejs/core";

import type { Transfer } from "@/lib/dicom/voi-curve";

/**
 * Has a film's grey levels drawn by our own curve.
 *
 * Cornerstone knows no VOI LUT, and inverts what it has inverted before.
 */
export function applyTransfer(
  viewport: Types.IStackViewport,
  { lower, upper, shares }: Transfer,
  isInverted: boolean,
): void {
  if (getShouldUseCPURendering()) {
    // Drawn without WebGL, where there are straight windows alone.
    viewport.setProperties({ voiRange: { lower, upper }, invert: isInverted });
    return;
  }
  const actor = viewport.getDefaultActor().actor as Types.ImageActor;
  const transfer = actor.getProperty().getRGBTransferFunction(0);
  const levels = Array.from(shares, (share) => (isInverted ? 1 - share : share));
  // Red, green and blue alike.
  const table = levels.flatMap((level) => [level, level, level]);
  transfer?.buildFunctionFromTable(lower, upper, shares.length, table);
  transfer?.setMappingRange(lower, upper);
}
