import type { FilmView } from "../film/film-view";
import { keyOfPreset, presetShown } from "../film/window-presets";
import { useSeen } from "../film/use-seen";
import styles from "./toolbar.module.css";

/** The file's own windows, to choose from; nothing where it has none. */
export function PresetChoice({ view }: { readonly view: FilmView | null }) {
  const seen = useSeen(view);
  if (!view || !seen || view.presets.length < 2) return null;
  const { presets } = view;
  const shown = presetShown(presets, seen.window, seen.curve);
  return (
    <select
      className={styles.choice}
      aria-label="Window of the file"
      aria-keyshortcuts="2 3 4 5 6 7 8 9"
      title={presets[shown]?.label}
      value={shown}
      onChange={({ currentTarget }) => {
        const preset = presets[Number(currentTarget.value)];
        if (preset) view.usePreset(preset);
      }}
    >
      {shown < 0 && <option value={-1}>Own window</option>}
      {presets.map((preset, index) => {
        const key = keyOfPreset(presets, preset);
        return (
          // Two windows may have the same name.
          <option key={index} value={index}>
            {preset.label}
            {key !== null && ` (${key})`}
          </option>
        );
      })}
    </select>
  );
}
