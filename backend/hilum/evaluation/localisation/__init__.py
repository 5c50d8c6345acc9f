"""Where the evidence lies, measured against boxes, organs and drawn opacities."""
