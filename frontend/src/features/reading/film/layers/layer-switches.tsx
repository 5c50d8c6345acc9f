import { type LayerId, LAYERS } from "./layers";
import styles from "./layers.module.css";
import { useShownLayers } from "./shown-layers";

/** Each layer's stroke as it is on the film, which makes the switches the legend. */
const samples: Record<LayerId, string> = {
  lungs: "M1 6h26",
  heart: "M1 6h26",
  ratio: "M1 6h26M1 2v8M27 2v8",
};

/** A switch for each layer that this film has. */
export function LayerSwitches({ layers }: { readonly layers: readonly LayerId[] }) {
  const { shown, toggle } = useShownLayers();
  if (layers.length === 0) return null;
  return (
    <fieldset className={styles.switches}>
      <legend className={styles.legend}>Layers</legend>
      {LAYERS.filter(({ id }) => layers.includes(id)).map(({ id, label }) => (
        <label key={id} className={styles.switch}>
          <input
            type="checkbox"
            checked={shown.has(id)}
            onChange={() => {
              toggle(id);
            }}
          />
          <svg width={28} height={12} viewBox="0 0 28 12" aria-hidden focusable={false} data-layer={id}>
            <path d={samples[id]} className={styles.stroke} />
          </svg>
          {label}
        </label>
      ))}
    </fieldset>
  );
}
