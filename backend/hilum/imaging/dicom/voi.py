"""VOI LUTs and windows of a file (PS3.3 C.11.2)."""

import math
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np
from pydicom import Dataset

from hilum.imaging.dicom.elements import code, items, numbers
from hilum.imaging.dicom.grey import Table, apply_windowing
from hilum.imaging.dicom.lut import Lut, look_up, read_lut
from hilum.imaging.film_warning import Window

_DEPTHS = range(8, 17)


class VoiTransform(NamedTuple):
    """A VOI LUT or a window of a file (PS3.3 C.11.2).

    Attributes
    ----------
    name : Window
        Which of the file's it is.
    apply : callable
        From values of interest to displayed ones, from 0 to 1.
    span : float
        From the darkest to the brightest that it makes of the values that it is made for.
    depth : int or None
        Of a window that is the whole range of so many bits.
    """

    name: Window
    apply: Callable[[Table], Table]
    span: float = 1
    depth: int | None = None


def voi_transforms(dataset: Dataset) -> list[VoiTransform]:
    """List a file's VOI LUTs, then the windows that can be applied."""
    found = (read_lut(item, dataset) for item in items(dataset, "VOILUTSequence"))
    luts = [lut for lut in found if lut is not None]
    return [
        VoiTransform(
            _numbered(at, len(luts), is_lut=True),
            partial(_apply_lut, lut=lut),
            float(np.ptp(lut.entries)) / lut.top,
        )
        for at, lut in enumerate(luts)
    ] + _windows(dataset)


def count_voi_transforms(dataset: Dataset) -> int:
    """Count a file's VOI LUTs and windows, usable or not, without reading a LUT's entries."""
    return len(items(dataset, "VOILUTSequence")) + len(_widths(dataset))


def unusable_windows(dataset: Dataset) -> list[Window]:
    """Name the windows with an invalid width (PS3.3 C.11.2.1.2)."""
    widths = _widths(dataset)
    least = _least_width(dataset)
    return [_numbered(at, len(widths)) for at, width in enumerate(widths) if width < least]


def apply_voi_lut(modality: Table, dataset: Dataset, index: int = 0) -> Table | None:
    """Values of interest to displayed ones, by a VOI LUT or a window (PS3.3 C.11.2).

    Parameters
    ----------
    modality : ndarray of float64
        Out of `apply_modality_lut`.
    dataset : Dataset
        With a VOI LUT Sequence, or with windows.
    index : int
        Which of `voi_transforms`; the first where there is no such.

    Returns
    -------
    ndarray of float64 or None
        From 0 to 1; None where the data set has neither.
    """
    several = voi_transforms(dataset)
    if not several:
        return None
    return several[index if 0 <= index < len(several) else 0].apply(modality)


def _apply_lut(modality: Table, lut: Lut) -> Table:
    return look_up(np.floor(modality), lut).astype(np.float64) / lut.top


def _windows(dataset: Dataset) -> list[VoiTransform]:
    function = code(dataset, "VOILUTFunction") or "LINEAR"
    least, widths = _least_width(dataset), _widths(dataset)
    # A sigmoid has no ends: from a half of its width below the centre to a half above.
    span = math.tanh(1) if function == "SIGMOID" else 1.0
    return [
        VoiTransform(
            _numbered(at, len(widths)),
            partial(apply_windowing, centre=centre, width=width, function=function),
            span,
            _depth_of(centre, width),
        )
        for at, (centre, width) in enumerate(
            zip(numbers(dataset, "WindowCenter"), widths, strict=False)
        )
        if width >= least
    ]


def _widths(dataset: Dataset) -> list[float]:
    """Widths that have a centre."""
    return numbers(dataset, "WindowWidth")[: len(numbers(dataset, "WindowCenter"))]


def _least_width(dataset: Dataset) -> float:
    is_real = code(dataset, "VOILUTFunction") in ("LINEAR_EXACT", "SIGMOID")
    return float(np.finfo(np.float64).tiny) if is_real else 1.0


def _numbered(at: int, count: int, *, is_lut: bool = False) -> Window:
    return Window(is_lut, None if count == 1 else at + 1)


def _depth_of(centre: float, width: float) -> int | None:
    """Number of bits whose full range, from 0, is about the window."""
    for bits in _DEPTHS:
        if abs(width - 2**bits) <= 1 and abs(centre - 2 ** (bits - 1)) <= 1:
            return bits
    return None
