const paths = {
  upload: "M12 16V4m0 0 5 5m-5-5L7 9M4 15v4a1.5 1.5 0 0 0 1.5 1.5h13a1.5 1.5 0 0 0 1.5-1.5v-4",
  download: "M12 4v12m0 0 5-5m-5 5-5-5M4 15v4a1.5 1.5 0 0 0 1.5 1.5h13a1.5 1.5 0 0 0 1.5-1.5v-4",
  camera: "M4 8h3.5l1.5-2.5h6l1.5 2.5h3.5v11h-16zM12 16.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7z",
  close: "M6 6l12 12M18 6 6 18",
  retry: "M20 12a8 8 0 1 1-2.5-5.8M20 3.5v4h-4",
  check: "M5 12.5 10 17.5 19.5 7",
  alert: "M12 4 2.8 20h18.4zM12 10v4.5M12 17v.5",
  info: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 11v5.5M12 7.5v.3",
  clock: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5.2l3.2 2",
  stop: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM6 18 18 6",
  sun: "M12 16.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM12 2v2.5M12 19.5V22M2 12h2.5M19.5 12H22M5 5l1.7 1.7M17.3 17.3 19 19M19 5l-1.7 1.7M6.7 17.3 5 19",
  moon: "M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5z",
  system: "M3.5 5h17v11h-17zM9 20h6M12 16v4",
  film: "M5 3h14v18h-14zM12 6v6M12 9.5c-2.5 0-4 2-4.2 7.5M12 9.5c2.5 0 4 2 4.2 7.5",
  window: "M12 3.5a8.5 8.5 0 1 0 0 17zM12 3.5a8.5 8.5 0 0 1 0 17",
  pan: "M12 3v18M3 12h18M12 3 9.5 5.5M12 3l2.5 2.5M12 21l-2.5-2.5M12 21l2.5-2.5M3 12l2.5-2.5M3 12l2.5 2.5M21 12l-2.5-2.5M21 12l-2.5 2.5",
  zoom: "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM15.3 15.3 20.5 20.5M10.5 7.8v5.4M7.8 10.5h5.4",
  magnify: "M10.5 18a7.5 7.5 0 1 0 0-15 7.5 7.5 0 0 0 0 15zM16 16l5 5",
  invert: "M4 4h16v16H4zM4 20 20 4M8 7v3M6.5 8.5h3M14 16h3.5",
  rotate: "M19.5 12a7.5 7.5 0 1 1-2.2-5.3L19.5 9M19.5 4v5h-5",
  flip: "M12 3v3M12 9.5v5M12 18v3M9 7v10H3.5zM15 7v10h5.5z",
  length: "M3.5 16.5 16.5 3.5l4 4-13 13zM7 13l2 2M10 10l2.5 2.5M13 7l2 2",
  angle: "M19 5 5 18.5h15M10.5 13.2a6.5 6.5 0 0 1 2.3 5.3",
  folder: "M3.5 6h6l2 2.5h9v10.5h-17z",
  header: "M5 3.5h14v17H5zM8 8h8M8 12h8M8 16h5",
  fit: "M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5",
  actual: "M6 7.5 8.5 6v12M15.5 7.5 18 6v12M12.2 9.5v.3M12.2 14.2v.3",
  reset: "M4.5 12a7.5 7.5 0 1 0 2.2-5.3L4.5 9M4.5 4v5h5",
  compare: "M3.5 5h7.5v14H3.5zM13 5h7.5v14H13z",
  copy: "M9 8.5h11V20H9zM15 8.5V4H4v11.5h5",
  help: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM9.6 9.5a2.5 2.5 0 1 1 3.6 2.3c-.8.4-1.2.9-1.2 1.8M12 16.8v.2",
  more: "M5.5 12v.2M12 12v.2M18.5 12v.2",
  previous: "M15 5l-7 7 7 7",
  next: "M9 5l7 7-7 7",
  external: "M13.5 4.5h6v6M19.5 4.5 11 13M17 14v5.5H4.5V7H10",
  link: "M10 14l4-4M8.5 11.5 6 14a3.2 3.2 0 0 0 4.5 4.5L13 16M11 8l2.5-2.5A3.2 3.2 0 0 1 18 10l-2.5 2.5",
} as const;

export type IconName = keyof typeof paths;

interface IconProps {
  readonly name: IconName;
  readonly sizePx?: number;
}

/** A line drawing beside words; it carries no meaning by itself. */
export function Icon({ name, sizePx = 16 }: IconProps) {
  return (
    <svg
      width={sizePx}
      height={sizePx}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={1.8}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden
      focusable={false}
      style={{ flex: "none" }}
    >
      <path d={paths[name]} />
    </svg>
  );
}
