"""How much of their range a picture's values use: films are often saved in wider words.

Values of 8 to 15 bits in words of 16 are black to the eye, and so is a film beside one white
letter, unless its white is known. A few outliers, such as a burned-in marker, do not count.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

# Depths of pictures and detectors. A film of 16 bits all of whose pixels lie in the darker half
# is not known.
_DEPTHS = (8, 10, 12, 13, 14, 15)
_WORD_BITS = 16
OUTLIERS = 0.01
"""Largest share of the pixels that a letter or a plate of lead covers."""
_DEEPEST_WITH_OUTLIERS = 14
"""Where outliers are left out the picture has to gain two bits: else they may be its highlights."""
_MOST_BEYOND_A_GAP = 0.1
"""Largest share that a label or a frame covers, which are so far from the picture's values that
next to nothing lies between. No chest is as small a part of a film."""
_IN_THE_GAP = 0.002
_NEAR_THE_HIGHEST, _HIGHER_BY = 0.95, 1.5
_FAR = 3
"""Outliers of values without a fixed white lie so many times the others' range away from them."""
_STEP_BEFORE_A_GAP = 0.05
"""Of the picture's range: no smaller step between neighbouring values is where a gap begins."""

_LABEL_NOTE = (
    "Some pixels, such as a marker, lie far outside the range of all others; they are shown as "
    "black or white."
)


class Range(NamedTuple):
    """The values that are spread over black to white; what lies beyond them is clipped.

    Attributes
    ----------
    low, high : float
    note : str or None
        In words for people, where this is not what the file would have it.
    """

    low: float
    high: float
    note: str | None = None


def range_of_words(words: NDArray[np.uint16]) -> Range:
    """Find the white of a picture of 16 bits that may use fewer.

    Parameters
    ----------
    words : ndarray of uint16
        Grey values, or those of all colours; no opacity.

    Returns
    -------
    Range
        From 0 to the highest value of 8, 10, 12, 13, 14, 15 or 16 bits.
    """
    counts = np.bincount(words.ravel(), minlength=1 << _WORD_BITS)
    highest = int(np.flatnonzero(counts)[-1])
    most = int(np.searchsorted(np.cumsum(counts), (1 - OUTLIERS) * words.size))
    bits, needed = _depth(most), _depth(highest)
    if bits > _DEEPEST_WITH_OUTLIERS:
        bits = needed
    bits = min(bits, _depth_below_a_gap(counts, highest))
    if bits == _WORD_BITS:
        return Range(0, (1 << bits) - 1)
    brighter = "" if bits >= needed else " but for a few brighter pixels, such as a marker"
    note = (
        f"The picture fills only the lowest {bits} of its 16 bits{brighter}; it was read as one "
        f"of {bits} bits."
    )
    return Range(0, (1 << bits) - 1, note)


def _depth_below_a_gap(counts: NDArray[np.intp], highest: int) -> int:
    """The depth above which there are only a label or a frame, and a gap before them."""
    total = counts.sum()
    for bits in _DEPTHS:
        white = 1 << bits
        if highest < _HIGHER_BY * white:
            break
        beyond = counts[white:].sum()
        in_gap = counts[white : int(min(2 * white, _NEAR_THE_HIGHEST * highest))].sum()
        if beyond <= _MOST_BEYOND_A_GAP * total and in_gap <= min(_IN_THE_GAP * total, beyond / 2):
            return bits
    return _WORD_BITS


def _depth(value: int) -> int:
    return next((bits for bits in _DEPTHS if value < 1 << bits), _WORD_BITS)


def range_of_values(values: NDArray[np.number]) -> Range:
    """Find the range of values that have no fixed white, such as floating-point numbers.

    Parameters
    ----------
    values : ndarray

    Returns
    -------
    Range
        From the lowest to the highest; without outliers that lie far from all others, and
        without a label or a frame beyond a gap as wide as the range of all others.
    """
    low, high = float(np.min(values)), float(np.max(values))
    if not np.isfinite(high - low):
        return Range(low, high)
    kept = np.sort(values, axis=None)
    while (fewer := _without_label(kept)).size < kept.size:
        kept = fewer
    least, most = (
        float(kept[round((kept.size - 1) * share)]) for share in (OUTLIERS, 1 - OUTLIERS)
    )
    found = range_without_outliers(float(kept[0]), least, most, float(kept[-1]))
    return found if kept.size == values.size else found._replace(note=_LABEL_NOTE)


def _without_label(ordered: NDArray[np.number]) -> NDArray[np.number]:
    """Values in order without those beyond a gap, whether these are the highest or the lowest."""
    above = _count_beyond_a_gap(ordered)
    below = 0 if above else _count_beyond_a_gap(ordered[::-1])
    return ordered[below : ordered.size - above]


def _count_beyond_a_gap(ordered: NDArray[np.number]) -> int:
    """How many of the last values are a label or a frame; 0 where there is no gap before them."""
    size = ordered.size
    first = max(0, math.ceil((1 - _MOST_BEYOND_A_GAP) * size) - 1)
    last, in_gap = int((1 - OUTLIERS) * size), int(_IN_THE_GAP * size)
    # Distances, so that the order may be either one.
    start = float(ordered[int(OUTLIERS * size)])
    reach = np.abs(ordered[first : last + in_gap + 2].astype(np.float64) - start)
    beyond = reach[in_gap + 1 :]
    inside = reach[: len(beyond)]
    found = np.flatnonzero((inside > 0) & (beyond - inside >= inside))
    if not len(found):
        return 0
    at = int(found[0])
    # The picture's own brightest pixels may be as few as those that a gap may have.
    steps = np.diff(reach[at : at + in_gap + 2]) >= _STEP_BEFORE_A_GAP * reach[at]
    return size - 1 - first - at - int(np.argmax(steps))


def range_without_outliers(low: float, least: float, most: float, high: float) -> Range:
    """Choose the ends of a range.

    Parameters
    ----------
    low, high : float
        The lowest and the highest value.
    least, most : float
        Those that a hundredth of the pixels are under, and over.

    Returns
    -------
    Range
        An end is left out where it lies more than three times as far from all others as these
        from each other.
    """
    reach = _FAR * (most - least)
    found = (
        least if reach and least - low > reach else low,
        most if reach and high - most > reach else high,
    )
    if found == (low, high):
        return Range(low, high)
    return Range(*found, _LABEL_NOTE)
