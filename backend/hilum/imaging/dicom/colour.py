"""Conversion of palettes to greyscale by luminance."""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydicom import Dataset
from pydicom.pixels.processing import apply_color_lut

from hilum.errors import CorruptImageError
from hilum.imaging.colour import BT601, TOLERANCE
from hilum.imaging.dicom.damage import DAMAGED
from hilum.imaging.dicom.elements import numbers, value
from hilum.imaging.dicom.lut import TABLE_BITS, Lut, entry_indices, look_up, read_lut
from hilum.imaging.dicom.segmented_lut import check_segments

COLOURS: Final = ("Red", "Green", "Blue")
_BYTE = 8
_LEAST_WIDE = 0.25
"""Part of a table's entries above what its descriptor names, from which these bits are meant."""


class PaletteLuminance(NamedTuple):
    """Luminance of a palette's entries.

    Attributes
    ----------
    grey : ndarray of float64
        From 0 to 1.
    has_colour : ndarray of bool
    is_cut : ndarray of bool
        Entries have more bits than their descriptor names, which are not read.
    """

    grey: NDArray[np.float64]
    has_colour: NDArray[np.bool_]
    is_cut: NDArray[np.bool_]


def apply_palette_color_lut(stored: NDArray[np.integer], dataset: Dataset) -> PaletteLuminance:
    """Luminance of palette entries (PS3.3 C.7.6.3.1.5, C.7.9).

    Parameters
    ----------
    stored : ndarray of integers
        Values of PALETTE COLOR pixels.
    dataset : Dataset
        With the red, green and blue tables, whole or in segments.

    Raises
    ------
    CorruptImageError
        There is no palette, or it makes no sense.
    """
    palette = read_palette(dataset)
    channels = [look_up(stored, each.meant) / each.meant.top for each in palette.values()]
    grey = sum(weight * channel for weight, channel in zip(BT601, channels, strict=True))
    has_colour = np.ptp(np.stack(channels), axis=0) > TOLERANCE / 255
    is_cut = np.any(
        [each.is_cut[entry_indices(stored, each.meant)] for each in palette.values()], 0
    )
    return PaletteLuminance(np.asarray(grey, np.float64), has_colour, np.asarray(is_cut))


class PaletteTable(NamedTuple):
    """One of a palette's three tables.

    Attributes
    ----------
    stored : Lut
        With all bits of its words.
    meant : Lut
        With the bits that the descriptor names, as dcmtk reads them, or more where all that is
        stored makes a ramp.
    """

    stored: Lut
    meant: Lut

    @property
    def is_in_high_bytes(self) -> bool:
        """Whether entries of 8 bits are in the high bytes of words."""
        is_wider = self.stored.top > self.meant.top
        shifted = self.meant.entries << np.uint16(_BYTE)
        return is_wider and np.array_equal(shifted, self.stored.entries)

    @property
    def is_cut(self) -> NDArray[np.bool_]:
        """Which stored entries have bits above those that are meant."""
        above = self.stored.entries > self.meant.top
        return np.zeros_like(above) if self.is_in_high_bytes else above


def read_palette(dataset: Dataset) -> dict[str, PaletteTable]:
    """Read a palette's three tables, whole or in segments.

    Returns
    -------
    dict of str to PaletteTable
        By `COLOURS`.

    Raises
    ------
    CorruptImageError
        One is missing, or makes no sense.
    ImageTooLargeError
        Segments unfold to too much.
    """
    stored = {colour: _stored_table(dataset, colour) for colour in COLOURS}
    tops = {
        colour: (1 << int(numbers(dataset, f"{colour}PaletteColorLookupTableDescriptor")[2])) - 1
        for colour in COLOURS
    }
    is_wide = all(_is_monotonic(lut.entries) for lut in stored.values()) and any(
        _is_wide_ramp(stored[colour].entries, tops[colour]) for colour in COLOURS
    )
    return {
        colour: PaletteTable(lut, _in_bits(lut, tops[colour], is_wide=is_wide))
        for colour, lut in stored.items()
    }


def _is_monotonic(entries: NDArray[np.uint16]) -> bool:
    steps = np.diff(entries.astype(np.int32))
    return bool((steps >= 0).all() or (steps <= 0).all())


def _is_wide_ramp(entries: NDArray[np.uint16], top: int) -> bool:
    """Whether entries go from what has the named bits to what is above, for a good part of them.

    They do not where something is above a few entries, or the same bits above all of them, or where
    a sign or a letter fills the bits above: there is a large step then.
    """
    lowest, highest = int(entries.min()), int(entries.max())
    largest_step = int(np.abs(np.diff(entries.astype(np.int32))).max())
    is_smooth = 2 * largest_step <= highest - lowest
    return bool(lowest <= top and is_smooth and np.mean(entries > top) >= _LEAST_WIDE)


def _in_bits(lut: Lut, top: int, *, is_wide: bool) -> Lut:
    """Make of a table's words what its entries mean, of which `top` is the highest by name."""
    bits = top.bit_length()
    if bits not in TABLE_BITS or lut.top == top:
        return lut
    # Entries of 8 bits in words: some writers put them in the high bytes.
    if bits == _BYTE and not (lut.entries & np.uint16(top)).any():
        return Lut(lut.first, lut.entries >> np.uint16(bits), float(top))
    return lut if is_wide else Lut(lut.first, lut.entries & np.uint16(top), float(top))


def _stored_table(dataset: Dataset, colour: str) -> Lut:
    """Read one of a palette's three tables with all bits of its words."""
    keyword = f"{colour}PaletteColorLookupTable"
    lut = read_lut(dataset, dataset, f"{keyword}Descriptor", f"{keyword}Data")
    return lut or _segmented(dataset, colour)


def _segmented(dataset: Dataset, name: str) -> Lut:
    """Unfold a palette that is stored in segments (PS3.3 C.7.9.2), which pydicom does."""
    described = numbers(dataset, f"{name}PaletteColorLookupTableDescriptor")
    if len(described) != 3 or f"Segmented{name}PaletteColorLookupTableData" not in dataset:
        raise CorruptImageError(DAMAGED)
    count, first, bits = (int(each) for each in described)
    is_little = dataset.original_encoding[1] is not False
    # pydicom unfolds all of them for each, and by the description of the first.
    depth = int(numbers(dataset, "RedPaletteColorLookupTableDescriptor")[2])
    for each in ("Red", "Green", "Blue", "Alpha"):
        segments = value(dataset, f"Segmented{each}PaletteColorLookupTableData")
        if isinstance(segments, bytes):
            check_segments(segments, depth, is_little=is_little)
    inputs = np.arange(count & 0xFFFF or 1 << 16) + first
    entries = apply_color_lut(inputs, dataset)[:, COLOURS.index(name)]
    return Lut(first, entries.astype(np.uint16), float((1 << bits) - 1))
