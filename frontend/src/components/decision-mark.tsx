import type { Decision } from "@/lib/api/types";

/** A shape for each decision, so that colour is never the only sign: triangle, ring, half-filled square. */
const shapes: Record<Decision, { path: string; filled: string }> = {
  positive: { path: "M8 1.8 15 14.2H1z", filled: "M8 1.8 15 14.2H1z" },
  negative: { path: "M8 14.5a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13z", filled: "" },
  uncertain: { path: "M8 1 15 8 8 15 1 8z", filled: "M8 1v14L1 8z" },
};

interface DecisionMarkProps {
  readonly decision: Decision;
  readonly sizePx: number;
}

export function DecisionMark({ decision, sizePx }: DecisionMarkProps) {
  const { path, filled } = shapes[decision];
  return (
    <svg
      width={sizePx}
      height={sizePx}
      viewBox="0 0 16 16"
      aria-hidden
      focusable={false}
      style={{ flex: "none", color: `var(--${decision})` }}
    >
      <path d={filled} fill="currentColor" />
      <path d={path} fill="none" stroke="currentColor" strokeWidth="1.8" strokeLinejoin="round" />
    </svg>
  );
}
