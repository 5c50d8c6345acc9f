"""Localisation of evidence, measured against boxes, organs and drawn opacities."""
