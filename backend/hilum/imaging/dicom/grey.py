"""Conversion of stored grey values to displayed ones, in the order of PS3.4 N.2.

Every step maps values independently of their position, and there are at most 65,536 values.
Therefore the steps are computed on a table of all values in double precision, and the table is
applied to the image once.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom import Dataset

from hilum.imaging.dicom.elements import code, items, number, whole
from hilum.imaging.dicom.lut import Lut, as_signed_as, look_up, read_lut

Table = NDArray[np.float64]

_MOST_BEYOND_A_LUT, _MOST_BEYOND_A_DEPTH = 0.5, 0.1
"""Largest share of the pixels that a modality LUT has no entries for; one that is for all values
of so many bits says of which depth the picture is."""


def stored_values(
    words: NDArray[np.integer], *, bits_stored: int, high_bit: int, is_signed: bool
) -> NDArray[np.int64]:
    """Extract the stored values from their words (PS3.5 8.1.1), with other bits masked off.

    Parameters
    ----------
    words : ndarray of unsigned integers
        Bits allocated; those beside the value may hold an overlay or have no meaning.
    is_signed : bool
        Two's complement in `bits_stored` bits.

    Returns
    -------
    ndarray of int64
    """
    found = words.astype(np.int64) >> (high_bit + 1 - bits_stored)
    found &= (1 << bits_stored) - 1
    if is_signed:
        sign = 1 << (bits_stored - 1)
        found = (found ^ sign) - sign
    return found


def is_padding(stored: NDArray[np.int64], dataset: Dataset) -> NDArray[np.bool_]:
    """Tell values that only pad the picture to a rectangle (PS3.3 C.7.5.1.1.2).

    Parameters
    ----------
    stored : ndarray of int64
    dataset : Dataset
        Pixel Padding Value and, for a range, Pixel Padding Range Limit; both inclusive.
    """
    value = whole(dataset, "PixelPaddingValue")
    if value is None:
        return np.zeros(stored.shape, np.bool_)
    limit = whole(dataset, "PixelPaddingRangeLimit")
    ends = [as_signed_as(stored, each) for each in (value, value if limit is None else limit)]
    return (stored >= min(ends)) & (stored <= max(ends))


def apply_modality_lut(
    stored: NDArray[np.integer], dataset: Dataset, *, uses_lut: bool = True
) -> Table:
    """Stored values to those of the modality (PS3.3 C.11.1).

    Parameters
    ----------
    dataset : Dataset
        With a Modality LUT Sequence, or with Rescale Slope and Intercept, or with neither.
    uses_lut : bool
        Apply the Modality LUT Sequence; see `has_fitting_modality_lut`.

    Returns
    -------
    ndarray of float64
    """
    lut = _modality_lut(dataset) if uses_lut else None
    if lut is not None:
        return look_up(stored, lut).astype(np.float64)
    slope, intercept = number(dataset, "RescaleSlope"), number(dataset, "RescaleIntercept")
    # A slope of zero would leave no picture: it is a mistake.
    return stored.astype(np.float64) * (slope or 1.0) + (intercept or 0.0)


def has_fitting_modality_lut(
    stored: NDArray[np.integer], dataset: Dataset, counts: NDArray[np.float64]
) -> bool:
    """Whether the modality LUT, if there is one, has entries for the image's values.

    Parameters
    ----------
    counts : ndarray
        How many pixels of the picture have each of the values, without padding.

    Returns
    -------
    bool
        False where it is for fewer bits. The picture's darkest and brightest value may lie beyond
        it, as that of a collimator's border or a label.
    """
    lut = _modality_lut(dataset)
    if lut is None:
        return True
    weights = without_ends(stored, counts)
    first, size = as_signed_as(stored, lut.first), lut.entries.size
    beyond = weights[(stored < first) | (stored >= first + size)].sum()
    is_of_a_depth = first == 0 and size & (size - 1) == 0
    most = _MOST_BEYOND_A_DEPTH if is_of_a_depth else _MOST_BEYOND_A_LUT
    return bool(beyond <= most * weights.sum())


def without_ends(values: NDArray[Any], counts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Ignore pixels of the darkest and brightest value of a clipped image.

    Parameters
    ----------
    counts : ndarray
        Number of pixels with each value.

    Returns
    -------
    ndarray
        Counts.
    """
    present = values[counts > 0]
    return np.where((values == present.min()) | (values == present.max()), 0, counts)


def apply_windowing(modality: Table, centre: float, width: float, function: str) -> Table:
    """Apply a window, from 0 to 1 (PS3.3 C.11.2.1.2 and C.11.2.1.3).

    Parameters
    ----------
    modality : ndarray of float64
    centre, width : float
        Width over 0, and at least 1 for LINEAR.
    function : str
        LINEAR, LINEAR_EXACT or SIGMOID; LINEAR where it is none of them.

    Returns
    -------
    ndarray of float64
    """
    if function == "SIGMOID":
        # Beyond 700 the exponential leaves double precision, and the curve is flat.
        return 1 / (1 + np.exp(np.clip(-4 * (modality - centre) / width, -700, 700)))
    if function == "LINEAR_EXACT":
        return np.clip((modality - centre) / width + 0.5, 0, 1)
    if width == 1:
        return (modality > centre - 0.5).astype(np.float64)
    return np.clip((modality - (centre - 0.5)) / (width - 1) + 0.5, 0, 1)


def apply_range(modality: Table, low: float, high: float) -> Table:
    """Spread a range of values over 0 to 1, where the file has no VOI transformation.

    Parameters
    ----------
    modality : ndarray of float64
    low, high : float
        The picture's own, less padding; what is beyond them is clipped.

    Returns
    -------
    ndarray of float64
    """
    if low == high:
        return np.zeros_like(modality)
    return np.asarray((np.clip(modality, low, high) - low) / (high - low), np.float64)


def apply_presentation_lut(shown: Table, dataset: Dataset, photometric: str) -> Table:
    """Invert values whose lowest value is white, as the last step.

    Parameters
    ----------
    shown : ndarray of float64
        From 0 to 1.
    dataset : Dataset
        With Presentation LUT Shape, IDENTITY or INVERSE, or without (PS3.3 C.11.6).
    photometric : str
        MONOCHROME1 or MONOCHROME2 (PS3.3 C.7.6.3.1.2).

    Returns
    -------
    ndarray of float64
    """
    is_inverse = code(dataset, "PresentationLUTShape") == "INVERSE"
    return 1 - shown if is_inverse or photometric == "MONOCHROME1" else shown


def contradicts_photometric(dataset: Dataset, photometric: str) -> bool:
    """Is Presentation LUT Shape the other one than the photometric interpretation demands.

    PS3.3 C.8.11.3 has INVERSE go with MONOCHROME1 and IDENTITY with MONOCHROME2.
    """
    contrary = {"MONOCHROME1": "IDENTITY", "MONOCHROME2": "INVERSE"}.get(photometric)
    return contrary is not None and code(dataset, "PresentationLUTShape") == contrary


def _modality_lut(dataset: Dataset) -> Lut | None:
    for item in items(dataset, "ModalityLUTSequence")[:1]:
        return read_lut(item, dataset)
    return None
