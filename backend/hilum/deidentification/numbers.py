"""Numbers of a radiograph's header, written so that their bytes cannot spell text.

Looking for letters finds no short name, and none of another script than Latin. So the bytes that
may stay are few: those of the highest digits of a plausible number.
"""

from typing import Final

from pydicom import DataElement, Dataset

from hilum.deidentification.number_bounds import (
    GREATEST_IS,
    NUMBERING,
    PIXEL_VALUES,
    WHOLE_NUMBERS,
)
from hilum.deidentification.number_lists import LISTS, without_letters
from hilum.deidentification.values import COUNTED, NUMBERS, several
from hilum.imaging.dicom.elements import whole

GREATEST: Final = 10**6
"""The largest size of a number, with either sign.

The bytes of text make larger numbers, or ones far below `LEAST`: a double whose highest byte is
the letter A is at least 2 ** 17, and one that ends with a zero byte is below 1e-300. What
is within the bounds by chance loses its lower bytes, by rounding. Of a whole number of four bytes,
a million leaves two and a half.
"""
LEAST: Final = 1e-6
"""The smallest size of a number that is not 0."""
DIGITS: Final = {"FD": 6, "FL": 4}
"""Significant decimal digits that stay: 20 of 53 bits, and 14 of 24."""


def plausible(dataset: Dataset, element: DataElement) -> DataElement | None:
    """Round binary numbers of a plausible size.

    Parameters
    ----------
    dataset : Dataset
        Which has the element.
    element : DataElement
        Valid by its representation.

    Returns
    -------
    DataElement or None
        None where a number is out of range. Tags, decimal strings, and what is no number are
        as they were.
    """
    values = [each for each in several(element) if isinstance(each, int | float)]
    if element.VR in DIGITS:
        if not all(each == 0 or LEAST <= abs(each) <= GREATEST for each in values):
            return None
        digits = DIGITS[element.VR]
        rounded = [float(f"{each:.{digits}g}") for each in values]
        made = rounded[0] if len(rounded) == 1 else rounded or None
        return DataElement(element.tag, element.VR, made)
    if element.VR == "IS" or (element.VR in NUMBERS and element.VR != "AT"):
        least, greatest = _bounds(dataset, element)
        return element if all(least <= each <= greatest for each in values) else None
    return element


def sensible_list(dataset: Dataset, element: DataElement) -> DataElement:
    """Keep the meaningful values of a list.

    Parameters
    ----------
    dataset : Dataset
        Which has the element.
    element : DataElement
        `plausible`.

    Returns
    -------
    DataElement
        The same element if all values are meaningful; an unknown list is kept if it is too short
        for letters.
    """
    if element.VM < 2 or element.VR not in COUNTED - {"AT"}:
        return element
    found = [float(str(each)) for each in several(element)]
    kept = LISTS.get(element.keyword, without_letters)(dataset, found)
    if kept == found:
        return element
    made = [int(each) for each in kept] if element.VR == "IS" else kept
    return DataElement(element.tag, element.VR, made[0] if len(made) == 1 else made or None)


def _bounds(dataset: Dataset, element: DataElement) -> tuple[int, int]:
    if element.keyword in NUMBERING:
        return -GREATEST_IS, GREATEST_IS
    if element.keyword in PIXEL_VALUES:
        greatest = (1 << (whole(dataset, "BitsStored") or 0)) - 1
        return -greatest, greatest
    return WHOLE_NUMBERS.get(element.keyword, (-GREATEST, GREATEST))
