"""Look-up tables of grey values, no longer than their descriptors state."""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from pydicom import DataElement, Dataset
from pydicom.tag import Tag

from hilum.deidentification.representation import known_element
from hilum.deidentification.values import several
from hilum.imaging.dicom.elements import numbers
from hilum.imaging.dicom.lut import lut_entries

TABLE: Final = "LUTData"
"""Keyword of a table (PS3.3 C.11.1, C.11.2)."""
DESCRIPTOR: Final = "LUTDescriptor"
"""Keyword of what describes it: how many entries, the first value mapped, bits."""

_TABLE, _DESCRIPTOR = Tag(TABLE), Tag(DESCRIPTOR)
OF_TABLES: Final = frozenset({"ModalityLUTSequence", "PresentationLUTSequence", "VOILUTSequence"})
"""Sequences whose items are nothing without their table; it has no place elsewhere."""

_SIXTEEN_BITS = 16
_BITS = range(1, _SIXTEEN_BITS + 1)
_FEWEST_ENTRIES = 64
_LONGEST_STEP = 1 / 4
"""Of the range of entries. Tables of films have short steps; letters in order are far apart."""


def shortened_table(dataset: Dataset, *, is_little: bool) -> tuple[DataElement, ...]:
    """Describe a table, and cut it to its length.

    Parameters
    ----------
    dataset : Dataset
        Item of one of `OF_TABLES`, which holds the table and its description.
    is_little : bool
        Order of bytes in words.

    Returns
    -------
    tuple of DataElement
        Descriptor and table. None of them where the descriptor makes no sense, and for a table that
        has fewer entries than a film needs, or that rises and falls, or jumps.
    """
    if DESCRIPTOR not in dataset or TABLE not in dataset:
        return ()
    descriptor, table = known_element(dataset, _DESCRIPTOR), known_element(dataset, _TABLE)
    if descriptor is None or table is None:
        return ()
    described = numbers(dataset, DESCRIPTOR)
    if len(described) != 3 or int(described[2]) not in _BITS:
        return ()
    # 65,536 does not fit in sixteen bits and is written as 0.
    count = int(described[0]) & 0xFFFF or 1 << _SIXTEEN_BITS
    entries = lut_entries(several(table), count, is_little=is_little)
    if entries.size < _FEWEST_ENTRIES or not _shows_film(entries):
        return ()
    if entries.size < count:
        descriptor = _described(descriptor, entries.size)
    return descriptor, _cut(table, count, is_little=is_little)


def _described(descriptor: DataElement, count: int) -> DataElement:
    """Say how many entries there are, in a word with a sign or without."""
    signed = count - (1 << _SIXTEEN_BITS) if count >> _SIXTEEN_BITS - 1 else count
    words = [signed if descriptor.VR == "SS" else count, *several(descriptor)[1:]]
    return DataElement(descriptor.tag, descriptor.VR, words)


def _cut(element: DataElement, count: int, *, is_little: bool) -> DataElement:
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


def _shows_film(entries: NDArray[np.uint16]) -> bool:
    """Whether entries only rise or only fall, with a sign or without, in short steps."""
    return any(_is_smooth(each.astype(np.int64)) for each in (entries, entries.view(np.int16)))


def _is_smooth(entries: NDArray[np.int64]) -> bool:
    steps = np.diff(entries)
    is_monotone = bool((steps >= 0).all() or (steps <= 0).all())
    return is_monotone and bool(np.abs(steps).max() <= _LONGEST_STEP * np.ptp(entries))
