/** Window and level: which grey levels of a picture are spread from black to white. */
import type { GreyWindow } from "@/lib/dicom/voi-curve";

const NARROWEST_SHARE = 0.01;
const WIDEST_SHARE = 4;

interface Change {
  /** Share of the first window's width: positive for more grey levels, so less contrast. */
  readonly wider: number;
  /** Share of the first window's width: positive for a brighter picture. */
  readonly brighter: number;
}

/**
 * A window changed by shares of the first one, within bounds that leave something to see.
 *
 * A picture shown inverted gets brighter as the window's centre rises.
 */
export function changed(now: GreyWindow, first: GreyWindow, change: Change, isInverted: boolean): GreyWindow {
  const width = now.width + change.wider * first.width;
  const towards = isInverted ? 1 : -1;
  const centre = now.centre + towards * change.brighter * first.width;
  return {
    width: Math.min(Math.max(width, NARROWEST_SHARE * first.width), WIDEST_SHARE * first.width),
    centre: Math.min(Math.max(centre, first.centre - first.width), first.centre + first.width),
  };
}

/** The same change of window on another picture, whatever the depth of either. */
export function windowCarriedOver(now: GreyWindow, first: GreyWindow, otherFirst: GreyWindow): GreyWindow {
  return {
    width: (now.width / first.width) * otherFirst.width,
    centre: otherFirst.centre + ((now.centre - first.centre) / first.width) * otherFirst.width,
  };
}
