"""Figures of the anatomy model: outlines, ratio, stability under changes."""
