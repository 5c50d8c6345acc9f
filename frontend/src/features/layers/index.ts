/** What can lie over a film, and which of it is switched on. */
export { type LayerId, LAYERS, layersOf, type LayersState } from "./layers";
export { ShownLayersProvider, useShownLayers } from "./shown-layers";
