"""Patient populations that can be recognised from a film."""

from enum import StrEnum

ADULT_YEARS = 18
"""From this age on a patient counts as an adult."""


_MONTHS_A_YEAR = 12
_COUNTED_IN_MONTHS_YEARS = 2
_LEAST_MONTHS = 2


def counted_age(years: float) -> tuple[int, str]:
    """An age as people count it: whole ``years``, ``months`` below two years, or ``newborn``.

    Returns
    -------
    tuple of (int, str)
        How many of which; below two months of age ``(2, "newborn")``, for "less than 2 months".
    """
    months = int(years * _MONTHS_A_YEAR + 1e-6)
    if months < _LEAST_MONTHS:
        return _LEAST_MONTHS, "newborn"
    if years < _COUNTED_IN_MONTHS_YEARS:
        return months, "months"
    return int(years), "years"


class Population(StrEnum):
    """Population of the patients of a group of radiographs."""

    CHILDREN = "children"
    ADULTS = "adults"
    DRAWN = "drawn"
