"""Reports, plots and model cards of what was measured."""
