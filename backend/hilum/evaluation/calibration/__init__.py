"""Fit calibration, operating points and prediction sets: for a bundle, or for a site."""
