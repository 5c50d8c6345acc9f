import {
  addTool,
  AngleTool,
  BaseTool,
  Enums,
  LengthTool,
  PanTool,
  ToolGroupManager,
  type Types as ToolTypes,
  ZoomTool,
} from "@cornerstonejs/tools";

import type { FilmView, Tool } from "../film/film-view";
import { ANGLE, LENGTH, MEASURING, styleMeasurements } from "./measurements";

/** So many CSS pixels of drag widen the window by the width it had at first. */
const DRAG_PX = 500;
/** How far in and out, against the whole picture in its viewport. */
const SMALLEST_ZOOM = 0.2;
const LARGEST_ZOOM = 40;

const GROUP = "hilum";
const { MouseBindings } = Enums;
const PRIMARY = { mouseButton: MouseBindings.Primary };

const views = new Map<HTMLElement, Pick<FilmView, "changeWindow">>();

/**
 * Window and level by drag: to the right for less contrast, up for a brighter picture.
 *
 * Cornerstone's own tool moves by stored values, so it runs backwards on MONOCHROME1 and at
 * another speed for each depth.
 */
class WindowDragTool extends BaseTool {
  static override toolName = "HilumWindow";

  constructor(props = {}, defaults = { supportedInteractionTypes: ["Mouse", "Touch"] }) {
    super(props, defaults);
  }

  mouseDragCallback(event: ToolTypes.EventTypes.InteractionEventType): void {
    const { element, deltaPoints } = event.detail as ToolTypes.EventTypes.MouseDragEventDetail;
    const [dx, dy] = deltaPoints.canvas;
    views.get(element)?.changeWindow(dx / DRAG_PX, -dy / DRAG_PX);
  }

  touchDragCallback(event: ToolTypes.EventTypes.InteractionEventType): void {
    this.mouseDragCallback(event);
  }
}

/** Leaves the main button free for the magnifier, which follows the pointer by itself. */
class MagnifyTool extends BaseTool {
  static override toolName = "HilumMagnify";

  constructor(props = {}, defaults = { supportedInteractionTypes: ["Mouse", "Touch"] }) {
    super(props, defaults);
  }
}

const CLASSES = {
  window: WindowDragTool,
  pan: PanTool,
  zoom: ZoomTool,
  magnify: MagnifyTool,
  length: LengthTool,
  angle: AngleTool,
} as const;
const NAMES: Record<Tool, string> = {
  window: WindowDragTool.toolName,
  pan: PanTool.toolName as string,
  zoom: ZoomTool.toolName as string,
  magnify: MagnifyTool.toolName,
  length: LENGTH,
  angle: ANGLE,
};
/** What other buttons and two fingers do, whichever tool is chosen. */
const ALWAYS: Record<Tool, object[]> = {
  window: [],
  pan: [{ mouseButton: MouseBindings.Auxiliary }],
  zoom: [{ mouseButton: MouseBindings.Secondary }, { numTouchPoints: 2 }],
  magnify: [],
  length: [],
  angle: [],
};

type ToolGroup = NonNullable<ReturnType<typeof ToolGroupManager.getToolGroup>>;

function group(): ToolGroup {
  const known = ToolGroupManager.getToolGroup(GROUP);
  if (known) return known;
  const made = ToolGroupManager.createToolGroup(GROUP);
  if (!made) throw new Error("Cornerstone made no group of tools.");
  for (const toolClass of Object.values(CLASSES)) {
    addTool(toolClass);
    made.addTool(toolClass.toolName as string);
  }
  for (const name of [LENGTH, ANGLE]) made.setToolConfiguration(name, MEASURING);
  styleMeasurements();
  made.setToolConfiguration(NAMES.zoom, { minZoomScale: SMALLEST_ZOOM, maxZoomScale: LARGEST_ZOOM });
  return made;
}

/** Chooses what the main button does on every film. */
export function chooseTool(chosen: Tool): void {
  const tools = group();
  for (const [tool, name] of Object.entries(NAMES) as [Tool, string][]) {
    tools.setToolPassive(name, { removeAllBindings: true });
    const bindings = tool === chosen ? [PRIMARY, ...ALWAYS[tool]] : ALWAYS[tool];
    if (bindings.length > 0) tools.setToolActive(name, { bindings });
  }
}

export function addToTools(element: HTMLElement, viewportId: string, engineId: string, view: FilmView): void {
  views.set(element, view);
  group().addViewport(viewportId, engineId);
}

export function removeFromTools(element: HTMLElement, viewportId: string, engineId: string): void {
  views.delete(element);
  group().removeViewports(engineId, viewportId);
}
