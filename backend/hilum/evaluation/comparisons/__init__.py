"""Comparisons of a model with other models and with readers."""
