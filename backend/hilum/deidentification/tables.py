"""Look-up tables that the film is shown with, no longer than they are described to be."""

from typing import Final

import numpy as np
from pydicom import DataElement, Dataset

from hilum.deidentification.values import several
from hilum.imaging.dicom.elements import code, numbers
from hilum.imaging.dicom.lut import lut_entries

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

_GREY: Final = "LUTData"
_PALETTES: Final = frozenset(DESCRIPTORS) - {_GREY} | frozenset(DESCRIPTORS.values()) - {
    "LUTDescriptor"
}
_SIXTEEN_BITS = 16
_DISCRETE, _LINEAR, _INDIRECT = range(3)


def is_unused_palette(dataset: Dataset, keyword: str) -> bool:
    """Whether an attribute is of a palette, and its data set has no picture with a palette.

    Parameters
    ----------
    dataset : Dataset
        Which holds the attribute.
    keyword : str
        Of the attribute.
    """
    return keyword in _PALETTES and code(dataset, "PhotometricInterpretation") != "PALETTE COLOR"


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
        None where nothing says how long the table is, and for a table of grey values that rises
        and falls: it does not show a film, and may be text.
    """
    described = numbers(dataset, DESCRIPTORS[element.keyword])
    if len(described) != 3:
        return None
    # 65,536 does not fit in sixteen bits and is written as 0.
    count = int(described[0]) & 0xFFFF or 1 << _SIXTEEN_BITS
    if element.keyword == _GREY and not _is_monotone(element, count, is_little=is_little):
        return None
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


def _is_monotone(element: DataElement, count: int, *, is_little: bool) -> bool:
    """Whether the entries only rise or only fall, with a sign or without."""
    entries = lut_entries(several(element), count, is_little=is_little)
    if entries.size < 2:
        return False
    steps = [np.diff(each.astype(np.int64)) for each in (entries, entries.view(np.int16))]
    return any(bool((each >= 0).all() or (each <= 0).all()) for each in steps)


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
