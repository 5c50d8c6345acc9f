"""Whose films there are, as far as a film can tell."""

from enum import StrEnum

ADULT_YEARS = 18
"""From this age on a patient counts as an adult."""


class Population(StrEnum):
    """Whose films a group of radiographs holds."""

    CHILDREN = "children"
    ADULTS = "adults"
    DRAWN = "drawn"
