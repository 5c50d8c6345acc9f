"""Wording that every part of Hilum shares."""
