import { createContext, type ReactNode, use, useState } from "react";

import { type LayerId, SHOWN_AT_FIRST } from "./layers";

interface ShownLayers {
  readonly shown: ReadonlySet<LayerId>;
  readonly toggle: (layer: LayerId) => void;
}

const ShownLayersContext = createContext<ShownLayers | null>(null);

/** Which layers are switched on: one choice for all films of the session, in memory alone. */
export function ShownLayersProvider({ children }: { readonly children: ReactNode }) {
  const [shown, setShown] = useState(SHOWN_AT_FIRST);
  const toggle = (layer: LayerId) => {
    setShown((before) => {
      const after = new Set(before);
      if (!after.delete(layer)) after.add(layer);
      return after;
    });
  };
  return <ShownLayersContext value={{ shown, toggle }}>{children}</ShownLayersContext>;
}

export function useShownLayers(): ShownLayers {
  const layers = use(ShownLayersContext);
  if (!layers) throw new Error("useShownLayers needs a ShownLayersProvider above it.");
  return layers;
}
