"""Robustness of figures to changes of exposure, storage and framing."""
