"""Whose films there are, as far as a film can tell."""

from enum import StrEnum


class Population(StrEnum):
    """Whose films a group of radiographs holds."""

    CHILDREN = "children"
    ADULTS = "adults"
    DRAWN = "drawn"
