"""Tests of whether a model uses image content outside the chest."""
