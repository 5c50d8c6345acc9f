"""Choice of the VOI LUT or window that fits the image; some are for another bit depth.

A window of 8 bits on values of 12 makes nearly all of a film white, one of 16 bits on values of
12 nearly black. The page has the same rule (`voi-choice.ts`).
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydicom import Dataset

from hilum.imaging.depth import OUTLIERS, Range, level_at, range_of_levels
from hilum.imaging.dicom.grey import Table, apply_range, without_ends
from hilum.imaging.dicom.voi import VoiTransform, unusable_windows, voi_transforms
from hilum.imaging.film_warning import FilmWarning, Window, window_warning

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
_LEAST_REACHED = 0.6
"""Smallest share of a window that the values of Bits Stored reach. Half of one of a bit more."""
_MOST_ABOVE_A_DEPTH, _LEAST_REACHED_OF_A_DEPTH = 0.1, 0.9
"""A window that is the whole range of so many bits says of which depth the picture is. A label,
which it does not show, covers at most a tenth."""

Counts = NDArray[np.float64]


class Shown(NamedTuple):
    """Displayed values, and what to know of how they were found.

    Attributes
    ----------
    values : ndarray of float64
        From 0 to 1.
    """

    values: Table
    notes: tuple[FilmWarning, ...]


def apply_fitting_voi_lut(
    modality: Table, dataset: Dataset, counts: Counts, index: int = 0
) -> Shown:
    """Apply the requested VOI LUT or window, the next one that fits, or the image's own range.

    Parameters
    ----------
    modality : ndarray of float64
        All values that Bits Stored can hold, out of
        `hilum.imaging.dicom.grey.apply_modality_lut`.
    counts : ndarray of float64
        How many pixels of the picture have each of the values, without padding.
    index : int
        Which of `hilum.imaging.dicom.voi.voi_transforms`; the first where there is no such.
    """
    several = voi_transforms(dataset)
    if 0 < index < len(several):
        several.insert(0, several.pop(index))
    passed: list[Window] = []
    for each in several:
        shown = each.apply(modality)
        if _fits(each, modality, shown, counts):
            return Shown(shown, window_warning(tuple(passed), each.name))
        passed.append(each.name)
    found = _own_range(modality, counts)
    passed += unusable_windows(dataset)
    notes = (*window_warning(tuple(passed), None), *filter(None, [found.note]))
    return Shown(apply_range(modality, found.low, found.high), notes)


def _own_range(modality: Table, counts: Counts) -> Range:
    return range_of_levels(*_ordered(modality, counts))


def _ordered(values: Table, counts: Counts) -> tuple[Table, Counts]:
    """The values that pixels have in ascending order, and how many have each."""
    values, counts = values[counts > 0], counts[counts > 0]
    order = np.argsort(values, kind="stable")
    return values[order], counts[order]


def _fits(transform: VoiTransform, modality: Table, shown: Table, counts: Counts) -> bool:
    if np.ptp(shown[counts > 0]) < _BLANK:
        return False
    reached = np.ptp(shown) / transform.span
    if reached < (_LEAST_REACHED_OF_A_DEPTH if transform.depth else _LEAST_REACHED):
        return False
    # Where the picture ends is clipped already, as by a collimator.
    weights = without_ends(modality, counts)
    total = weights.sum()
    if not total:
        return True
    black, white = (weights[at].sum() / total for at in (shown <= _BLACK, shown >= _WHITE))
    if transform.depth and white > _MOST_ABOVE_A_DEPTH:
        return False
    fewer, more = sorted((black, white))
    if black + white > _MOST_CLIPPED or (fewer < _TAIL and more > _MOST_AT_ONE_END):
        return False
    levels = _ordered(shown, weights)
    dark, bright = (level_at(share, *levels) for share in (OUTLIERS, 1 - OUTLIERS))
    return bright - dark >= _LEAST_SPREAD
