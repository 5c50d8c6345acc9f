import { createContext, type ReactNode, use, useMemo, useState } from "react";

import { faded, type LayerId, LAYERS_AT_FIRST, type LayersState, toggled, withShown } from "./layers";

interface ShownLayers extends LayersState {
  readonly toggle: (layer: LayerId) => void;
  readonly show: (layer: LayerId) => void;
  readonly fade: (layer: LayerId, opacity: number) => void;
}

const ShownLayersContext = createContext<ShownLayers | null>(null);

/** Which layers are switched on, and how strong: one choice for all films of the session, in memory alone. */
export function ShownLayersProvider({ children }: { readonly children: ReactNode }) {
  const [state, setState] = useState(LAYERS_AT_FIRST);
  const layers = useMemo(
    () => ({
      ...state,
      toggle: (layer: LayerId) => {
        setState((before) => toggled(before, layer));
      },
      show: (layer: LayerId) => {
        setState((before) => withShown(before, layer));
      },
      fade: (layer: LayerId, opacity: number) => {
        setState((before) => faded(before, layer, opacity));
      },
    }),
    [state],
  );
  return <ShownLayersContext value={layers}>{children}</ShownLayersContext>;
}

export function useShownLayers(): ShownLayers {
  const layers = use(ShownLayersContext);
  if (!layers) throw new Error("useShownLayers needs a ShownLayersProvider above it.");
  return layers;
}
