"""Palettes to grey: the luminance of what a workstation would show."""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from pydicom import Dataset
from pydicom.pixels.processing import apply_color_lut

from hilum.errors import CorruptImageError
from hilum.imaging.colour import BT601, TOLERANCE
from hilum.imaging.dicom.damage import DAMAGED
from hilum.imaging.dicom.elements import numbers, value
from hilum.imaging.dicom.lut import TABLE_BITS, Lut, look_up, read_lut
from hilum.imaging.dicom.segmented_lut import check_segments

COLOURS: Final = ("Red", "Green", "Blue")


def apply_palette_color_lut(
    stored: NDArray[np.integer], dataset: Dataset
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Luminance of palette entries, and which of them have colour (PS3.3 C.7.6.3.1.5, C.7.9).

    Parameters
    ----------
    stored : ndarray of integers
        Values of PALETTE COLOR pixels.
    dataset : Dataset
        With the red, green and blue tables, whole or in segments.

    Returns
    -------
    ndarray of float64
        From 0 to 1.

    Raises
    ------
    CorruptImageError
        There is no palette, or it makes no sense.
    """
    channels = []
    for name in COLOURS:
        lut = read_palette(dataset, name)
        channels.append(look_up(stored, lut) / lut.top)
    grey = sum(weight * channel for weight, channel in zip(BT601, channels, strict=True))
    has_colour = np.ptp(np.stack(channels), axis=0) > TOLERANCE / 255
    return np.asarray(grey, np.float64), has_colour


def read_palette(dataset: Dataset, colour: str) -> Lut:
    """Read one of a palette's three tables, whole or in segments.

    Parameters
    ----------
    colour : str
        One of `COLOURS`.

    Returns
    -------
    Lut
        Its entries have the bits that its descriptor names, as dcmtk reads them.

    Raises
    ------
    CorruptImageError
        It is missing, or makes no sense.
    ImageTooLargeError
        Its segments unfold to too much.
    """
    lut = stored_table(dataset, colour)
    bits = int(numbers(dataset, f"{colour}PaletteColorLookupTableDescriptor")[2])
    top = (1 << bits) - 1
    if bits not in TABLE_BITS or lut.top == top:
        return lut
    # Entries of 8 bits in words: some writers put them in the high bytes.
    is_high = bits == 8 and not (lut.entries & np.uint16(top)).any()
    entries = lut.entries >> np.uint16(bits) if is_high else lut.entries & np.uint16(top)
    return Lut(lut.first, entries, float(top))


def stored_table(dataset: Dataset, colour: str) -> Lut:
    """Read one of a palette's three tables with all bits of its words; see `read_palette`."""
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
