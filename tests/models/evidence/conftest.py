"""Masks whose sizes are known."""

from tests.models.anatomy.conftest import make_organs

__all__ = ["make_organs"]
