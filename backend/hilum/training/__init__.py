"""Augmentation, fitting, calibration and export: where bundles are made."""
