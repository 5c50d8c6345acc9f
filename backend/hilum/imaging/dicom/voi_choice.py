"""Which of a file's VOI LUTs and windows shows its picture: some are of another depth.

A window of 8 bits on values of 12 makes nearly all of a film white, one of 16 bits on values of
12 nearly black. The page has the same rule (`voi-presets.ts`).
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydicom import Dataset

from hilum.imaging.depth import OUTLIERS, Range, range_without_outliers
from hilum.imaging.dicom.grey import Table, apply_range, apply_voi_lut, voi_transforms

_BLANK = 1.5 / 255
"""Less than this between a film's darkest and brightest, and nothing is seen on it."""
_BLACK, _WHITE = 0.01, 0.99
_MOST_CLIPPED = 0.75
"""Of 200 films, a window between their quartiles clips at most 61 % of the pixels, and one of 8
bits on 12 more than this in 98 of 100."""
_MOST_AT_ONE_END = 0.5
"""Where the other end clips next to nothing, as that of a window of 10 bits on 12 does not."""
_TAIL = 0.01
_LEAST_SPREAD = 0.2
"""From the darkest to the brightest hundredth: of 200 films in 8 bits, one has less."""

Counts = NDArray[np.float64]


class Shown(NamedTuple):
    """Displayed values, and what to know of how they were found.

    Attributes
    ----------
    values : ndarray of float64
        From 0 to 1.
    note : str or None
        In words for people.
    """

    values: Table
    note: str | None


def apply_fitting_voi_lut(
    modality: Table, dataset: Dataset, counts: Counts, index: int = 0
) -> Shown:
    """Apply the VOI LUT or window that is asked for, the next one that fits, or the own range.

    Parameters
    ----------
    modality : ndarray of float64
        Values out of `hilum.imaging.dicom.grey.apply_modality_lut`.
    dataset : Dataset
    counts : ndarray of float64
        How many pixels of the picture have each of the values, without padding.
    index : int
        Which of several; the first where there is no such.

    Returns
    -------
    Shown
    """
    several = range(voi_transforms(dataset))
    first = index if index in several else 0
    note = None
    for each in (first, *(other for other in several if other != first)):
        shown = apply_voi_lut(modality, dataset, each)
        if shown is None:
            break
        reason = _unfit(modality, shown, counts)
        if reason is None:
            return Shown(shown, f"{note}; another one of the header is used." if note else None)
        note = note or f"The header's window shows {reason} of this picture"
    found = _own_range(modality, counts)
    if note:
        return Shown(
            apply_range(modality, found.low, found.high), f"{note}; its own range is shown."
        )
    return Shown(apply_range(modality, found.low, found.high), found.note)


def _own_range(modality: Table, counts: Counts) -> Range:
    present = modality[counts > 0]
    least, most = _tails(modality, counts)
    return range_without_outliers(float(present.min()), least, most, float(present.max()))


def _tails(values: Table, weights: Counts) -> tuple[float, float]:
    """The values that a hundredth of the pixels are under, and over."""
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weights[order]) / weights.sum()
    at = np.searchsorted(reached, (OUTLIERS, 1 - OUTLIERS))
    dark, bright = values[order][np.minimum(at, len(order) - 1)]
    return float(dark), float(bright)


def _unfit(modality: Table, shown: Table, counts: Counts) -> str | None:
    """What a transformation shows of the picture, where that is too little."""
    present = counts > 0
    if np.ptp(shown[present]) < _BLANK:
        return "nothing"
    # Where the picture ends is clipped already, as by a collimator.
    ends = modality[present].min(), modality[present].max()
    weights = np.where((modality == ends[0]) | (modality == ends[1]), 0, counts)
    total = weights.sum()
    if not total:
        return None
    clipped = sorted(weights[at].sum() / total for at in (shown <= _BLACK, shown >= _WHITE))
    is_clipped = sum(clipped) > _MOST_CLIPPED or (
        clipped[0] < _TAIL and clipped[1] > _MOST_AT_ONE_END
    )
    dark, bright = _tails(shown, weights)
    return "little" if is_clipped or bright - dark < _LEAST_SPREAD else None
