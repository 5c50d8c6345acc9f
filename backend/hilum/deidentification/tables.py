"""Look-up tables, no longer than they are described to be."""

from typing import Final

import numpy as np
from pydicom import DataElement, Dataset

from hilum.deidentification.values import several
from hilum.imaging.dicom.elements import numbers

_COLOURS = ("Red", "Green", "Blue", "Alpha")
_SEGMENTED: Final = frozenset(
    f"Segmented{colour}PaletteColorLookupTableData" for colour in _COLOURS
)
DESCRIPTORS: Final = {
    "LUTData": "LUTDescriptor",
    **{
        f"{kind}{colour}PaletteColorLookupTableData": f"{colour}PaletteColorLookupTableDescriptor"
        for kind in ("", "Segmented")
        for colour in _COLOURS
    },
}
"""Keywords of tables (PS3.3 C.11.1, C.11.2, C.7.6.3.1.5, C.7.9), and of what describes each."""

_SIXTEEN_BITS = 16
_DISCRETE, _LINEAR, _INDIRECT = range(3)


def shortened_table(
    dataset: Dataset, element: DataElement, *, is_little: bool
) -> DataElement | None:
    """Cut a table to its length.

    Parameters
    ----------
    dataset : Dataset
        Which holds the table and its description.
    element : DataElement
        One of `DESCRIPTORS`.
    is_little : bool
        Order of bytes in words.

    Returns
    -------
    DataElement or None
        None where nothing says how long the table is.
    """
    described = numbers(dataset, DESCRIPTORS[element.keyword])
    if len(described) != 3:
        return None
    # 65,536 does not fit in sixteen bits and is written as 0.
    count = int(described[0]) & 0xFFFF or 1 << _SIXTEEN_BITS
    if element.VR != "OW":
        return DataElement(element.tag, element.VR, several(element)[:count])
    content = bytes(element.value or b"")
    if element.keyword in _SEGMENTED:
        length = _segments_length(content, count, is_little=is_little)
    elif len(content) in (count, count + 1) and count > 1:
        # Two entries to a word; the last byte is padding, which comes first in a big-endian word.
        length = count
        if not is_little and count % 2:
            return DataElement(element.tag, "OW", content[: count - 1] + b"\0" + content[-1:])
    else:
        length = 2 * count
    content = content[:length]
    return DataElement(element.tag, "OW", content + b"\0" * (len(content) % 2))


def _segments_length(content: bytes, count: int, *, is_little: bool) -> int:
    """Bytes of the segments that make `count` entries (PS3.3 C.7.9.2)."""
    words = np.frombuffer(content[: len(content) // 2 * 2], "<u2" if is_little else ">u2").tolist()
    at = made = 0
    while made < count and at + 1 < len(words):
        kind, length = words[at : at + 2]
        if kind == _DISCRETE:
            made, at = made + length, at + 2 + length
        elif kind == _LINEAR:
            made, at = made + length, at + 3
        elif kind == _INDIRECT:
            # It repeats as many segments as it says; they are not counted.
            at += 4
        else:
            return 0
    return 2 * min(at, len(words))
