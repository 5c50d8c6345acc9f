import { createTheme, type CSSVariablesResolver } from "@mantine/core";

/** The page's own colours (app.css) in the places where Mantine looks for its own. */
const pageColours = {
  "--mantine-color-body": "var(--page)",
  "--mantine-color-text": "var(--ink)",
  "--mantine-color-anchor": "var(--link)",
  "--mantine-color-error": "var(--positive)",
};
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: pageColours,
  dark: pageColours,
});

export const theme = createTheme({
  fontFamily: 'system-ui, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", Arial, sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, monospace',
  colors: {
    dark: [
      "#e6edf1",
      "#c3d0d7",
      "#9fb1bb",
      "#768a96",
      "#33424c",
      "#26323a",
      "#1c262d",
      "#141b20",
      "#0d1215",
      "#07090b",
    ],
    film: [
      "#eaf5f8",
      "#d5e8ee",
      "#a9d0db",
      "#7ab6c7",
      "#539fb5",
      "#35879f",
      "#257289",
      "#1b6379",
      "#12536a",
      "#0a4053",
    ],
  },
  primaryColor: "film",
  primaryShade: { light: 7, dark: 6 },
  defaultRadius: "sm",
  cursorType: "pointer",
  respectReducedMotion: true,
});
