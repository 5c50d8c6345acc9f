"""Elements of a data set whose values may be missing, empty or wrong."""

import math
import struct
from collections.abc import Sequence
from typing import Any

from pydicom import Dataset
from pydicom.errors import BytesLengthException

# What pydicom raises when a value does not fit its representation.
_MISFIT = (
    ArithmeticError,
    AttributeError,
    BytesLengthException,
    LookupError,
    NotImplementedError,
    TypeError,
    ValueError,
    struct.error,
)


def value(dataset: Dataset, keyword: str) -> Any:
    """Value of an element; None if it is missing, empty or invalid.

    Parameters
    ----------
    keyword : str
        As PS3.6 names it, such as ``WindowCenter``.

    Returns
    -------
    object
        What pydicom makes of it, or None.
    """
    try:
        found = dataset.get(keyword)
    except _MISFIT:
        return None
    return None if found in (None, "") else found


def values(dataset: Dataset, keyword: str) -> list[Any]:
    """Values of an element, one or several; none where `value` is None."""
    found = value(dataset, keyword)
    if found is None:
        return []
    is_several = isinstance(found, Sequence) and not isinstance(found, str | bytes)
    return list(found) if is_several else [found]


def numbers(dataset: Dataset, keyword: str) -> list[float]:
    """Finite numbers of an element; none where any of them is not one."""
    try:
        found = [float(each) for each in values(dataset, keyword)]
    except _MISFIT:
        return []
    return found if all(math.isfinite(each) for each in found) else []


def number(dataset: Dataset, keyword: str) -> float | None:
    """First number of an element; None if there is none."""
    found = numbers(dataset, keyword)
    return found[0] if found else None


def whole(dataset: Dataset, keyword: str) -> int | None:
    """First number of an element as an integer; None if it is not one."""
    found = number(dataset, keyword)
    return int(found) if found is not None and found == int(found) else None


def code(dataset: Dataset, keyword: str) -> str | None:
    """Code string (PS3.5 6.2, value representation CS) in capitals; None if it is not one.

    Free text, which might tell who the patient is, is longer or has other characters.
    """
    found = values(dataset, keyword)
    return _code(found[0]) if found else None


def codes(dataset: Dataset, keyword: str) -> list[str]:
    """All code strings of an element, several too where the standard has one; see `code`."""
    return [each for each in map(_code, values(dataset, keyword)) if each is not None]


def _code(found: Any) -> str | None:
    text = str(found).strip().upper()
    is_code = 0 < len(text) <= 16 and all(each.isalnum() or each in "_ " for each in text)
    return text if is_code and text.isascii() else None


def items(dataset: Dataset, keyword: str) -> list[Dataset]:
    """Items of a sequence; none if it is missing or not a sequence."""
    return [each for each in values(dataset, keyword) if isinstance(each, Dataset)]
