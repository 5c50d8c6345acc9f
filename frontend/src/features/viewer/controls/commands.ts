import type { FilmView } from "../film/film-view";
import { fitted, mirrored, moved, turnedBy } from "../film/geometry";
import { isFullRange, ownPreset } from "../film/window-presets";
import type { Command } from "./shortcuts";

const MOVE_PX = 40;
const WINDOW_SHARE = 0.04;

/** Does to a film what a key or a button says; what is no matter of the film alone is left to the viewer. */
export function run(command: Command, view: FilmView): void {
  const { placement, viewport, isInverted } = view.seen();
  switch (command.kind) {
    case "turn":
      view.place(turnedBy(placement, command.degrees, view.picture, viewport));
      return;
    case "flip":
      view.place(mirrored(placement));
      return;
    case "preset": {
      const preset =
        command.number === "full" ? view.presets.find(isFullRange) : ownPreset(view, command.number);
      if (preset) view.usePreset(preset);
      return;
    }
    case "remove-measurement": {
      const last = view.measurements().at(-1);
      if (last) view.removeMeasurement(last.id);
      return;
    }
    case "remove-measurements":
      view.removeMeasurements();
      return;
    case "zoom":
      view.place({ ...placement, scale: placement.scale * command.factor });
      return;
    case "move":
      view.place(moved(placement, [MOVE_PX * command.x, MOVE_PX * command.y]));
      return;
    case "window":
      view.changeWindow(WINDOW_SHARE * command.wider, WINDOW_SHARE * command.brighter);
      return;
    case "invert":
      view.setInverted(!isInverted);
      return;
    case "fit":
      view.place({ ...placement, ...fitted(view.picture, viewport, placement.turned) });
      return;
    case "actual":
      view.place({ ...placement, scale: 1 });
      return;
    case "reset":
      view.reset();
      return;
    default:
      return;
  }
}
