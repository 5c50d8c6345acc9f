import { type RefObject, useEffect, useState } from "react";

import type { FilmView } from "../film/film-view";
import { toPicture } from "../film/geometry";

interface PixelReadoutProps {
  readonly frame: RefObject<HTMLElement | null>;
  readonly view: FilmView;
}

/** The grey level under the pointer, in the file's own units. */
export function PixelReadout({ frame, view }: PixelReadoutProps) {
  const [value, setValue] = useState<number | null>(null);
  useEffect(() => {
    const { current } = frame;
    if (!current) return;
    const look = (event: PointerEvent) => {
      const { left, top } = current.getBoundingClientRect();
      setValue(view.valueAt(toPicture(view.seen().matrix, [event.clientX - left, event.clientY - top])));
    };
    const leave = () => {
      setValue(null);
    };
    current.addEventListener("pointermove", look);
    current.addEventListener("pointerleave", leave);
    return () => {
      current.removeEventListener("pointermove", look);
      current.removeEventListener("pointerleave", leave);
    };
  }, [frame, view]);
  if (value === null) return null;
  const { unit } = view.facts;
  return (
    <span data-value>
      value {Number.isInteger(value) ? value : value.toFixed(1)}
      {unit && ` ${unit}`}
    </span>
  );
}
