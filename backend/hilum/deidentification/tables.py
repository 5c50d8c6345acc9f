"""Look-up tables of greys that the film is shown with, no longer than described to be."""

from typing import Final

import numpy as np
from pydicom import DataElement, Dataset

from hilum.deidentification.values import several
from hilum.imaging.dicom.elements import numbers
from hilum.imaging.dicom.lut import lut_entries

TABLE: Final = "LUTData"
"""Keyword of a table (PS3.3 C.11.1, C.11.2)."""
DESCRIPTOR: Final = "LUTDescriptor"
"""Keyword of what describes it: how many entries, the first value mapped, bits."""

_SIXTEEN_BITS = 16


def is_descriptor(element: DataElement) -> bool:
    """Whether an element describes a table: its third value is a number of bits (PS3.3 C.11.1.1).

    Parameters
    ----------
    element : DataElement
    """
    found = several(element)
    return (
        element.keyword == DESCRIPTOR
        and len(found) == 3
        and found[2] in range(1, _SIXTEEN_BITS + 1)
    )


def shortened_table(
    dataset: Dataset, element: DataElement, *, is_little: bool
) -> DataElement | None:
    """Cut a table to its length.

    Parameters
    ----------
    dataset : Dataset
        Which holds the table and its description.
    element : DataElement
        `TABLE`.
    is_little : bool
        Order of bytes in words.

    Returns
    -------
    DataElement or None
        None where nothing says how long the table is, and for one that rises and falls: it does
        not show a film, and may be text.
    """
    described = numbers(dataset, DESCRIPTOR)
    if len(described) != 3:
        return None
    # 65,536 does not fit in sixteen bits and is written as 0.
    count = int(described[0]) & 0xFFFF or 1 << _SIXTEEN_BITS
    if not _is_monotone(element, count, is_little=is_little):
        return None
    if element.VR != "OW":
        return DataElement(element.tag, element.VR, several(element)[:count])
    content = bytes(element.value or b"")
    length = 2 * count
    if len(content) in (count, count + 1) and count > 1:
        # Two entries to a word; the last byte is padding, which comes first in a big-endian word.
        length = count
        if not is_little and count % 2:
            return DataElement(element.tag, "OW", content[: count - 1] + b"\0" + content[-1:])
    content = content[:length]
    return DataElement(element.tag, "OW", content + b"\0" * (len(content) % 2))


def _is_monotone(element: DataElement, count: int, *, is_little: bool) -> bool:
    """Whether the entries only rise or only fall, with a sign or without."""
    entries = lut_entries(several(element), count, is_little=is_little)
    if entries.size < 2:
        return False
    steps = [np.diff(each.astype(np.int64)) for each in (entries, entries.view(np.int16))]
    return any(bool((each >= 0).all() or (each <= 0).all()) for each in steps)
