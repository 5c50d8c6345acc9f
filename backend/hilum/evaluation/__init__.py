"""Figures with intervals, and the pictures of those figures."""
