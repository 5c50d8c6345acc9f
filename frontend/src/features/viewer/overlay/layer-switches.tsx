import { useState } from "react";

import { type LayerId, LAYERS, useShownLayers } from "@/features/layers";

import styles from "./layer-switches.module.css";

/** Each layer's stroke as it is on the film, which makes the switches the legend. */
const samples: Record<Exclude<LayerId, "evidence">, string> = {
  contours: "M1 6h20",
  lungs: "M1 6h20",
  heart: "M1 6h20",
  ratio: "M1 6h20M1 2v8M21 2v8",
};

function Sample({ id }: { readonly id: LayerId }) {
  if (id === "evidence") return <span className={styles.warm} aria-hidden />;
  return (
    <svg width={22} height={12} viewBox="0 0 22 12" aria-hidden focusable={false} data-layer={id}>
      <path d={samples[id]} className={styles.stroke} />
    </svg>
  );
}

/**
 * A switch for each layer that this film has, and how strong it is.
 *
 * The evidence has its slider at hand, the thin lines have theirs on request.
 */
export function LayerSwitches({ layers }: { readonly layers: readonly LayerId[] }) {
  const { shown, opacity, toggle, fade } = useShownLayers();
  const [isFading, setFading] = useState(false);
  if (layers.length === 0) return null;
  return (
    <fieldset className={styles.switches}>
      <legend className={styles.legend}>Layers</legend>
      {LAYERS.filter(({ id }) => layers.includes(id)).map(({ id, label }) => (
        <div key={id} className={styles.layer}>
          <label className={styles.switch}>
            <input
              type="checkbox"
              checked={shown.has(id)}
              onChange={() => {
                toggle(id);
              }}
            />
            <Sample id={id} />
            {label}
          </label>
          {(isFading || id === "evidence") && (
            <input
              type="range"
              className={styles.fader}
              min={0}
              max={100}
              step={5}
              value={Math.round(100 * opacity[id])}
              aria-label={`${label}: opacity`}
              aria-valuetext={`${Math.round(100 * opacity[id])} %`}
              title={`${label}: opacity`}
              onChange={({ currentTarget }) => {
                fade(id, currentTarget.valueAsNumber / 100);
              }}
            />
          )}
        </div>
      ))}
      <button
        type="button"
        className={styles.more}
        aria-pressed={isFading}
        onClick={() => {
          setFading(!isFading);
        }}
      >
        Fade
      </button>
    </fieldset>
  );
}
