"""Numbers that a radiograph's header may have, written so that their bytes spell nothing.

Looking for letters finds no short name, and none of another script than Latin. So the bytes that
may stay are few: those of the highest digits of a plausible number.
"""

from typing import Final

from pydicom import DataElement

from hilum.deidentification.values import NUMBERS, several

GREATEST: Final = 10**6
"""A number may be as large, with either sign.

Text of as many bytes as the number is larger, or far less than `LEAST`, but for few last letters
of either: as a double, 0x41 in the highest byte is 2 ** 17 to 2 ** 33; with a zero there it is
under 1e-300. A whole number of four bytes that stays has less than three bytes that count.
"""
LEAST: Final = 1e-6
"""And as small, unless it is 0."""
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
