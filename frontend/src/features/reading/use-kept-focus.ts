import { type RefObject, useEffect, useRef } from "react";

/**
 * Gives the focus to an element where what had it went away with a change: of the page's first
 * screen to a film, of a film's progress to its reading. The keyboard would begin at the top again.
 */
export function useKeptFocus(element: RefObject<HTMLElement | null>, shown: string) {
  const before = useRef(shown);
  useEffect(() => {
    if (before.current === shown) return;
    before.current = shown;
    if (document.activeElement === null || document.activeElement === document.body) {
      element.current?.focus({ preventScroll: true });
    }
  }, [element, shown]);
}
