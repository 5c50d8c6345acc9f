"""Stored grey values to displayed ones, in the standard's order (PS3.4 N.2).

Every step maps a value to a value, wherever it lies in the picture, and there are at most 65,536
of them: so the steps are worked out on a table of all values, exactly and in double precision,
and the picture goes through that table once.
"""

import numpy as np
from numpy.typing import NDArray
from pydicom import Dataset

from hilum.imaging.dicom.elements import code, items, number, numbers, whole
from hilum.imaging.dicom.lut import Lut, as_signed_as, look_up, read_lut

Table = NDArray[np.float64]


def stored_values(
    words: NDArray[np.integer], *, bits_stored: int, high_bit: int, is_signed: bool
) -> NDArray[np.int64]:
    """Cut the values out of their words (PS3.5 8.1.1); what lies beside them is masked off.

    Parameters
    ----------
    words : ndarray of unsigned integers
        Bits allocated; those beside the value may hold an overlay, or nothing of meaning.
    bits_stored, high_bit : int
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

    Returns
    -------
    ndarray of bool
    """
    value = whole(dataset, "PixelPaddingValue")
    if value is None:
        return np.zeros(stored.shape, np.bool_)
    limit = whole(dataset, "PixelPaddingRangeLimit")
    ends = [as_signed_as(stored, each) for each in (value, value if limit is None else limit)]
    return (stored >= min(ends)) & (stored <= max(ends))


def apply_modality_lut(stored: NDArray[np.integer], dataset: Dataset) -> Table:
    """Stored values to those of the modality (PS3.3 C.11.1).

    Parameters
    ----------
    stored : ndarray of integers
    dataset : Dataset
        With a Modality LUT Sequence, or with Rescale Slope and Intercept, or with neither.

    Returns
    -------
    ndarray of float64
    """
    for item in items(dataset, "ModalityLUTSequence")[:1]:
        lut = read_lut(item, dataset)
        if lut is not None:
            return look_up(stored, lut).astype(np.float64)
    slope, intercept = number(dataset, "RescaleSlope"), number(dataset, "RescaleIntercept")
    # A slope of zero would leave no picture: it is a mistake.
    return stored.astype(np.float64) * (slope or 1.0) + (intercept or 0.0)


def voi_transforms(dataset: Dataset) -> int:
    """Count what `apply_voi_lut` may choose from: VOI LUTs, or else windows."""
    return len(_voi_luts(dataset)) or len(_windows(dataset))


def apply_voi_lut(modality: Table, dataset: Dataset, index: int = 0) -> Table | None:
    """Values of interest to displayed ones, by a VOI LUT or else a window (PS3.3 C.11.2).

    Parameters
    ----------
    modality : ndarray of float64
        Out of `apply_modality_lut`.
    dataset : Dataset
        With a VOI LUT Sequence, or with windows.
    index : int
        Which of several; the first where there is no such.

    Returns
    -------
    ndarray of float64 or None
        From 0 to 1; None where the data set has neither.
    """
    luts = _voi_luts(dataset)
    if luts:
        lut = luts[index if 0 <= index < len(luts) else 0]
        return look_up(np.floor(modality), lut).astype(np.float64) / lut.top
    windows = _windows(dataset)
    if not windows:
        return None
    centre, width = windows[index if 0 <= index < len(windows) else 0]
    return apply_windowing(modality, centre, width, code(dataset, "VOILUTFunction") or "LINEAR")


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
    """Invert, once and last, what is stored so that its lowest value is white.

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


def _voi_luts(dataset: Dataset) -> list[Lut]:
    found = (read_lut(item, dataset) for item in items(dataset, "VOILUTSequence"))
    return [lut for lut in found if lut is not None]


def _windows(dataset: Dataset) -> list[tuple[float, float]]:
    """Centres and widths that the function can work with."""
    least = 1.0
    if code(dataset, "VOILUTFunction") in ("LINEAR_EXACT", "SIGMOID"):
        least = float(np.finfo(np.float64).tiny)
    centres, widths = numbers(dataset, "WindowCenter"), numbers(dataset, "WindowWidth")
    return [(c, w) for c, w in zip(centres, widths, strict=False) if w >= least]
