"""Numbers that a radiograph's header may have, written so that their bytes spell nothing.

Looking for letters finds no short name, and none of another script than Latin. So the bytes that
may stay are few: those of the highest digits of a plausible number.
"""

from typing import Final

from pydicom import DataElement

from hilum.deidentification.values import NUMBERS, several

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


def plausible(element: DataElement) -> DataElement | None:
    """Round binary numbers of a plausible size.

    Parameters
    ----------
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
        return element if all(abs(each) <= GREATEST for each in values) else None
    return element
