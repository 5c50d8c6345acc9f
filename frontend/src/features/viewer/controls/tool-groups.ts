import type { Tool } from "../film/film-view";
import type { Command } from "./shortcuts";
import type { ToolbarItem } from "./toolbar";

const TOOLS: readonly { tool: Tool; label: string; keys: string }[] = [
  { tool: "window", label: "Window: drag for contrast and brightness", keys: "W" },
  { tool: "pan", label: "Pan", keys: "P" },
  { tool: "zoom", label: "Zoom", keys: "Z" },
  { tool: "magnify", label: "Magnifier", keys: "M" },
];
const MEASURES: typeof TOOLS = [
  { tool: "length", label: "Measure a length", keys: "D" },
  { tool: "angle", label: "Measure an angle", keys: "A" },
];

interface ViewerState {
  readonly tool: Tool;
  readonly isOpen: boolean;
  readonly isInverted: boolean;
  readonly isFlipped: boolean;
  readonly canCompare: boolean;
  readonly isComparing: boolean;
  readonly isLinked: boolean;
  readonly isHelpOpen: boolean;
  readonly act: (command: Command) => () => void;
  readonly compare: () => void;
  readonly copy: () => void;
  readonly save: () => void;
}

/** The viewer's buttons, in groups, as they stand now. */
export function toolGroups({
  tool,
  isOpen,
  isInverted,
  isFlipped,
  canCompare,
  isComparing,
  isLinked,
  isHelpOpen,
  act,
  compare,
  copy,
  save,
}: ViewerState): ToolbarItem[][] {
  const toolButton = ({ tool: each, label, keys }: (typeof TOOLS)[number]): ToolbarItem => ({
    id: each,
    icon: each,
    label,
    keys,
    isPressed: tool === each,
    onClick: act({ kind: "tool", tool: each }),
  });
  return [
    TOOLS.map(toolButton),
    [
      {
        id: "invert",
        icon: "invert",
        label: "Invert",
        keys: "I",
        isPressed: isInverted,
        isDisabled: !isOpen,
        onClick: act({ kind: "invert" }),
      },
      {
        id: "rotate",
        icon: "rotate",
        label: "Rotate",
        keys: "R",
        isDisabled: !isOpen,
        onClick: act({ kind: "turn", degrees: 90 }),
      },
      {
        id: "flip",
        icon: "flip",
        label: "Mirror",
        keys: "X",
        isPressed: isFlipped,
        isDisabled: !isOpen,
        onClick: act({ kind: "flip" }),
      },
      {
        id: "reset",
        icon: "reset",
        label: "Reset",
        keys: "0",
        isDisabled: !isOpen,
        onClick: act({ kind: "reset" }),
      },
    ],
    MEASURES.map(toolButton),
    [
      { id: "fit", icon: "fit", label: "Fit", keys: "F", isDisabled: !isOpen, onClick: act({ kind: "fit" }) },
      {
        id: "actual",
        icon: "actual",
        label: "Actual size",
        keys: "1",
        isDisabled: !isOpen,
        onClick: act({ kind: "actual" }),
      },
    ],
    [
      {
        id: "compare",
        icon: "compare",
        label: canCompare ? "Two side by side" : "Two side by side: read another film first",
        isPressed: isComparing,
        isDisabled: !canCompare,
        onClick: compare,
      },
      {
        id: "link",
        icon: "link",
        label: "Link the two",
        keys: "S",
        isPressed: isLinked && isComparing,
        isDisabled: !isComparing,
        onClick: act({ kind: "link" }),
      },
    ],
    [
      { id: "copy", icon: "copy", label: "Copy picture", isDisabled: !isOpen, onClick: copy },
      { id: "save", icon: "download", label: "Save picture", isDisabled: !isOpen, onClick: save },
      {
        id: "help",
        icon: "help",
        label: "Help",
        keys: "?",
        isExpanded: isHelpOpen,
        onClick: act({ kind: "help" }),
      },
    ],
  ];
}
