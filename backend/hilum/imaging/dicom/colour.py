"""Colour to grey: the luminance of what a workstation would show."""

import numpy as np
from numpy.typing import NDArray
from pydicom import Dataset
from pydicom.pixels.processing import apply_color_lut

from hilum.errors import CorruptImageError
from hilum.imaging.dicom.elements import numbers
from hilum.imaging.dicom.file import DAMAGED
from hilum.imaging.dicom.lut import Lut, look_up, read_lut

# ITU-R BT.601: the weights of Y in YBR_FULL (PS3.3 C.7.6.3.1.2) and of a photograph's grey.
_BT601 = (0.299, 0.587, 0.114)

_TOLERANCE = 2
"""Channels of a grey picture may differ by this much of 255 after a lossy codec."""

_EVERY = 8
"""One pixel of so many, down and across, tells whether there is colour."""


def luminance(
    samples: NDArray[np.unsignedinteger], photometric: str, bits_stored: int
) -> tuple[NDArray[np.float32], bool]:
    """Luminance of a colour picture, and whether it has colour at all.

    Parameters
    ----------
    samples : ndarray, shape (rows, columns, 3)
    photometric : str
        RGB, or one of the YBR kinds, whose first sample is the luminance.
    bits_stored : int

    Returns
    -------
    ndarray of float32, shape (rows, columns)
        From 0 to 1.
    bool
    """
    top = (1 << bits_stored) - 1
    few = samples[::_EVERY, ::_EVERY].astype(np.float32) * np.float32(255 / top)
    if photometric == "RGB":
        spread = float(np.ptp(few, axis=2).max())
        weighted = [
            np.multiply(samples[:, :, n], np.float32(weight / top), dtype=np.float32)
            for n, weight in enumerate(_BT601)
        ]
        grey = weighted[0]
        grey += weighted[1]
        grey += weighted[2]
    else:
        spread = float(np.abs(few[:, :, 1:] - 128).max())
        grey = np.multiply(samples[:, :, 0], np.float32(1 / top), dtype=np.float32)
    return np.minimum(grey, 1, out=grey), spread > _TOLERANCE


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
    ndarray of bool

    Raises
    ------
    CorruptImageError
        There is no palette, or it makes no sense.
    """
    channels = []
    for name in ("Red", "Green", "Blue"):
        keyword = f"{name}PaletteColorLookupTable"
        lut = read_lut(dataset, dataset, f"{keyword}Descriptor", f"{keyword}Data")
        lut = lut or _segmented(dataset, name)
        channels.append(look_up(stored, lut) / lut.top)
    grey = sum(weight * channel for weight, channel in zip(_BT601, channels, strict=True))
    has_colour = np.ptp(np.stack(channels), axis=0) > _TOLERANCE / 255
    return np.asarray(grey, np.float64), has_colour


def _segmented(dataset: Dataset, name: str) -> Lut:
    """Unfold a palette that is stored in segments (PS3.3 C.7.9.2), which pydicom does."""
    described = numbers(dataset, f"{name}PaletteColorLookupTableDescriptor")
    if len(described) != 3 or f"Segmented{name}PaletteColorLookupTableData" not in dataset:
        raise CorruptImageError(DAMAGED)
    count, first, bits = (int(each) for each in described)
    inputs = np.arange(count & 0xFFFF or 1 << 16) + first
    entries = apply_color_lut(inputs, dataset)[:, ("Red", "Green", "Blue").index(name)]
    return Lut(first, entries.astype(np.uint16), float((1 << bits) - 1))
