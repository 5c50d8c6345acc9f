"""Wording shared by all parts of Hilum."""
