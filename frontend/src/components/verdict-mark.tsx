import type { VerdictCode } from "@/lib/api/types";

const UNTOLD = { path: "M8 14.5a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM3.4 12.6 12.6 3.4", filled: "" };

/** A shape for each verdict, so that colour is never the only sign: triangle, ring, half-filled square, and a
 * ring with a stroke through it where nothing is to be taken from the reading. */
const shapes: Record<VerdictCode, { path: string; filled: string }> = {
  positive: { path: "M8 1.8 15 14.2H1z", filled: "M8 1.8 15 14.2H1z" },
  negative: { path: "M8 14.5a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13z", filled: "" },
  uncertain: { path: "M8 1 15 8 8 15 1 8z", filled: "M8 1v14L1 8z" },
  forced: UNTOLD,
  outside_population: UNTOLD,
  not_assessed: UNTOLD,
};

interface VerdictMarkProps {
  readonly code: VerdictCode;
  readonly sizePx: number;
}

export function VerdictMark({ code, sizePx }: VerdictMarkProps) {
  const { path, filled } = shapes[code];
  return (
    <svg
      width={sizePx}
      height={sizePx}
      viewBox="0 0 16 16"
      aria-hidden
      focusable={false}
      style={{ flex: "none", color: `var(--${code}, var(--quiet))` }}
    >
      <path d={filled} fill="currentColor" />
      <path d={path} fill="none" stroke="currentColor" strokeWidth="1.8" strokeLinejoin="round" />
    </svg>
  );
}
