"""Look-up tables of the Modality, VOI and Palette Color LUT modules."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydicom import Dataset

from hilum.imaging.dicom.elements import numbers, values

Inputs = NDArray[np.integer] | NDArray[np.float64]

TABLE_BITS = range(8, 17)
"""Bits that an entry may have."""


class Lut(NamedTuple):
    """A table.

    Attributes
    ----------
    first : int
        First value mapped.
    entries : ndarray of uint16
    top : float
        Highest value that an entry may have.
    """

    first: int
    entries: NDArray[np.uint16]
    top: float


def read_lut(
    dataset: Dataset, encoded: Dataset, descriptor: str = "LUTDescriptor", data: str = "LUTData"
) -> Lut | None:
    """Read a table (PS3.3 C.11.1.1, C.11.2.1.1, C.7.6.3.1.5).

    Parameters
    ----------
    dataset : Dataset
        An item of a sequence, or the data set itself.
    encoded : Dataset
        The data set, whose encoding tells the order of bytes.
    descriptor, data : str
        Keywords of the two elements.

    Returns
    -------
    Lut or None
        None where it is missing or makes no sense.
    """
    described = numbers(dataset, descriptor)
    if len(described) != 3:
        return None
    count, first, bits = (int(each) for each in described)
    is_little = encoded.original_encoding[1] is not False
    # 65,536 does not fit in sixteen bits and is written as 0.
    entries = lut_entries(values(dataset, data), count & 0xFFFF or 1 << 16, is_little=is_little)
    if entries.size < 2:
        return None
    # Bits that the entries do not fit in are a mistake.
    bits = max(bits if bits in TABLE_BITS else 1, int(entries.max()).bit_length())
    return Lut(first, entries, float((1 << bits) - 1))


def lut_entries(data: Sequence[object], count: int, *, is_little: bool) -> NDArray[np.uint16]:
    """Read a table's entries, in words of sixteen bits or packed as bytes.

    Parameters
    ----------
    data : sequence
        Integers (value representation US or SS), or one string of bytes (OW).
    count : int
        Entries that the descriptor promises.
    is_little : bool
        The low byte of a word comes first.

    Returns
    -------
    ndarray of uint16
        Fewer than `count` where there are fewer.
    """
    order = "<u2" if is_little else ">u2"
    if len(data) == 1 and isinstance(data[0], bytes):
        content = data[0]
    else:
        entries = [int(each) & 0xFFFF for each in data if isinstance(each, int)]
        content = np.array(entries, order).tobytes()
    words = np.frombuffer(content[: len(content) // 2 * 2], order).astype(np.uint16)
    if len(content) in (count, count + 1) and count > 1:
        # Two entries to a word, the first in its low byte.
        return words.astype("<u2").view(np.uint8)[:count].astype(np.uint16)
    return words[:count]


def look_up(inputs: Inputs, lut: Lut) -> NDArray[np.uint16]:
    """Map values to entries; values outside the table get its first or last entry.

    Parameters
    ----------
    inputs : ndarray
        Whole numbers.

    Returns
    -------
    ndarray of uint16
    """
    return np.asarray(lut.entries[entry_indices(inputs, lut)])


def entry_indices(inputs: Inputs, lut: Lut) -> NDArray[np.int64]:
    """Tell which entry of a table each value is mapped to; see `look_up`."""
    index = np.clip(inputs - as_signed_as(inputs, lut.first), 0, lut.entries.size - 1)
    return index.astype(np.int64)


def as_signed_as(inputs: Inputs, value: int) -> int:
    """Read a value of sixteen bits with a sign where the inputs have one, else without.

    Writers mix up the two, since the representation depends on Pixel Representation.
    """
    low, high = inputs.min(), inputs.max()
    if low < 0 and value > high and value >= 1 << 15:
        return value - (1 << 16)
    return value + (1 << 16) if low >= 0 > value else value
