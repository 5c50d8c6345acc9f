"""Figures of the anatomy model: outlines, ratio, and whether they stay under changes."""
