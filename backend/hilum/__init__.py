"""Hilum reads frontal chest X-rays. For research and education; not a medical device."""

__version__ = "0.2.0"
