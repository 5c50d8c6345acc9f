"""Training of bundles: augmentation, fitting, calibration, export."""
