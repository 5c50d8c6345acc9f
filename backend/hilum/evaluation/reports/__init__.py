"""Reports, plots and model cards of measured figures."""
