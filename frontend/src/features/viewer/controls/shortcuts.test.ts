import { describe, expect, it } from "vitest";

import { commandOf } from "./shortcuts";

function press(key: string, more: Partial<KeyboardEvent> = {}) {
  return commandOf({ key, shiftKey: false, ctrlKey: false, metaKey: false, altKey: false, ...more });
}

describe("commandOf", () => {
  it.each([
    ["w", { kind: "tool", tool: "window" }],
    ["M", { kind: "tool", tool: "magnify" }],
    ["e", { kind: "layer", layer: "evidence" }],
    ["r", { kind: "turn", degrees: 90 }],
    ["R", { kind: "turn", degrees: -90 }],
    ["0", { kind: "reset" }],
    ["d", { kind: "tool", tool: "length" }],
    ["a", { kind: "tool", tool: "angle" }],
    ["x", { kind: "flip" }],
    ["1", { kind: "actual" }],
    ["2", { kind: "preset", number: 1 }],
    ["8", { kind: "preset", number: 7 }],
    ["9", { kind: "preset", number: "full" }],
    ["n", { kind: "image", step: 1 }],
    ["N", { kind: "image", step: -1 }],
    ["PageUp", { kind: "image", step: -1 }],
    ["Delete", { kind: "remove-measurement" }],
    ["ArrowLeft", { kind: "move", x: -1, y: 0 }],
  ])("understands %s", (key, command) => {
    expect(press(key)).toEqual(command);
  });

  it("changes the window by arrows with Shift: up is brighter", () => {
    const shiftKey = true;
    expect(press("ArrowUp", { shiftKey })).toEqual({ kind: "window", wider: 0, brighter: 1 });
    expect(press("ArrowDown", { shiftKey })).toEqual({ kind: "window", wider: 0, brighter: -1 });
    expect(press("ArrowRight", { shiftKey })).toEqual({ kind: "window", wider: 1, brighter: 0 });
  });

  it("removes all measurements with Shift", () => {
    expect(press("Delete", { shiftKey: true })).toEqual({ kind: "remove-measurements" });
  });

  it("leaves the browser its own", () => {
    expect(press("r", { ctrlKey: true })).toBeNull();
    expect(press("f", { metaKey: true })).toBeNull();
    expect(press("Tab")).toBeNull();
  });
});
