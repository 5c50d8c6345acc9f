import { type PointerEvent, useCallback, useState } from "react";

import type { Point, Size } from "../film/geometry";

/** How far above a finger the magnifier stands. */
const ABOVE_A_FINGER_PX = 132;
const KEY_STEP_PX = 24;

interface Looked {
  readonly at: Point;
  readonly isByTouch: boolean;
}

function within(value: number, most: number): number {
  return Math.min(Math.max(value, 0), most);
}

/** Where the magnifier is: under the pointer, above a finger, or moved by keys from the middle. */
export function useLoupe({ width, height }: Size) {
  const [looked, setLooked] = useState<Looked | null>(null);
  const at: Point = looked?.at ?? [width / 2, height / 2];
  const middle: Point = looked?.isByTouch ? [at[0], at[1] - ABOVE_A_FINGER_PX] : at;
  const follow = (event: PointerEvent<HTMLElement>) => {
    const { left, top } = event.currentTarget.getBoundingClientRect();
    setLooked({
      at: [event.clientX - left, event.clientY - top],
      isByTouch: event.pointerType === "touch",
    });
  };
  const step = useCallback(
    (x: number, y: number) => {
      setLooked((before) => {
        const [fromX, fromY] = before?.at ?? [width / 2, height / 2];
        return {
          at: [within(fromX + KEY_STEP_PX * x, width), within(fromY + KEY_STEP_PX * y, height)],
          isByTouch: false,
        };
      });
    },
    [width, height],
  );
  return { at, middle, follow, step };
}
