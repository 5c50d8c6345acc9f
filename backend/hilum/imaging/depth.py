"""Used range of pixel values: films are often stored in wider words.

Values of 8 to 15 bits in words of 16 are black to the eye, and so is a film beside one white
letter, unless its white is known. A few outliers, such as a burned-in marker, do not count.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hilum.imaging.film_warning import FilmWarning, FilmWarningCode

# Depths of pictures and detectors. A film of 16 bits all of whose pixels lie in the darker half
# is not known.
_DEPTHS = (8, 10, 12, 13, 14, 15)
_WORD_BITS = 16
_SELDOM_USED = (9, 11)
"""Depths of few devices: the next one is a dark film's, unless the values end where these do."""
_LEAST_BRIGHT = 0.05
"""Share of a film of such a depth that is brighter than half: in another it may be a label."""
OUTLIERS = 0.01
"""Largest share of the pixels that a letter or a plate of lead covers."""
_DEEPEST_WITH_OUTLIERS = 14
"""Where outliers are left out the picture has to gain two bits: else they may be its highlights."""
_MOST_BEYOND_A_GAP = 0.1
"""Largest share that a label or a frame covers, which are so far from the picture's values that
next to nothing lies between. No chest is as small a part of a film."""
_MOST_OF_ONE_VALUE = 0.5
"""Largest share beyond a gap that a collimator's border covers: of one value, which no chest is."""
_IN_THE_GAP = 0.002
_NEAR_THE_HIGHEST, _HIGHER_BY = 0.95, 1.5
_FAR = 3
"""Outliers of values without a fixed white lie so many times the others' range away from them."""
_STEP_BEFORE_A_GAP = 0.05
"""Of the picture's range: no smaller step between neighbouring values is where a gap begins."""

_OUTLIERS = FilmWarning(FilmWarningCode.OUTLIERS)


class Range(NamedTuple):
    """Values that are mapped to black and white; values beyond them are clipped.

    Attributes
    ----------
    note : FilmWarning or None
        Where this is not what the file would have it.
    """

    low: float
    high: float
    note: FilmWarning | None = None


def range_of_words(words: NDArray[np.uint16]) -> Range:
    """Find the white of a picture of 16 bits that may use fewer.

    Parameters
    ----------
    words : ndarray of uint16
        Grey values, or those of all colours; no opacity.

    Returns
    -------
    Range
        From 0 to the highest value of 8 to 16 bits.
    """
    counts = np.bincount(words.ravel(), minlength=1 << _WORD_BITS)
    highest = int(np.flatnonzero(counts)[-1])
    most = int(np.searchsorted(np.cumsum(counts), (1 - OUTLIERS) * words.size))
    bits = _depth(most)
    if bits > _DEEPEST_WITH_OUTLIERS:
        bits = _depth(highest)
    bits = _narrowed(counts, min(bits, _depth_below_a_gap(counts, highest)))
    if bits == _WORD_BITS:
        return Range(0, (1 << bits) - 1)
    code = FilmWarningCode.FEWER_BITS
    if highest >= 1 << bits:
        code = FilmWarningCode.FEWER_BITS_AND_MARKER
    return Range(0, (1 << bits) - 1, FilmWarning(code, bits))


def _depth_below_a_gap(counts: NDArray[np.intp], highest: int) -> int:
    """The depth above which there are only a label or a frame, and a gap before them."""
    total = counts.sum()
    for bits in _DEPTHS:
        white = 1 << bits
        if highest < _HIGHER_BY * white:
            break
        beyond = counts[white:].sum()
        if beyond == counts[highest] <= _MOST_OF_ONE_VALUE * total:
            return bits
        in_gap = counts[white : int(min(2 * white, _NEAR_THE_HIGHEST * highest))].sum()
        if beyond <= _MOST_BEYOND_A_GAP * total and in_gap <= min(_IN_THE_GAP * total, beyond / 2):
            return bits
    return _WORD_BITS


def _narrowed(counts: NDArray[np.intp], bits: int) -> int:
    """One bit less where the values end just below half of the depth, and many are bright."""
    half = 1 << (bits - 1)
    if bits - 1 not in _SELDOM_USED or counts[half : 2 * half].any():
        return bits
    ends_below = counts[int(_NEAR_THE_HIGHEST * half) : half].any()
    is_bright = counts[half // 2 : half].sum() >= _LEAST_BRIGHT * counts.sum()
    return bits - 1 if ends_below and is_bright else bits


def _depth(value: int) -> int:
    return next((bits for bits in _DEPTHS if value < 1 << bits), _WORD_BITS)


def range_of_values(values: NDArray[np.number]) -> Range:
    """Find the range of values that have no fixed white, such as floating-point numbers.

    Returns
    -------
    Range
        As `range_of_levels` has it.
    """
    low, high = float(np.min(values)), float(np.max(values))
    if not np.isfinite(high - low):
        return Range(low, high)
    return range_of_levels(*np.unique(values, return_counts=True))


def range_of_levels(levels: NDArray[np.number], counts: NDArray[np.number]) -> Range:
    """Find the range of counted values that have no fixed white.

    Parameters
    ----------
    levels : ndarray
        The picture's values in ascending order.
    counts : ndarray
        How many pixels have each.

    Returns
    -------
    Range
        From the lowest to the highest; without outliers that lie far from all others, and
        without a label or a frame beyond a gap as wide as the range of all others.
    """
    exact = levels.astype(np.float64)
    start, stop = 0, len(exact)
    while True:
        kept, weights = exact[start:stop], counts[start:stop]
        above = _count_beyond_a_gap(kept, weights)
        below = 0 if above else _count_beyond_a_gap(kept[::-1], weights[::-1])
        if not above and not below:
            break
        start, stop = start + below, stop - above
    least, most = (level_at(share, kept, weights) for share in (OUTLIERS, 1 - OUTLIERS))
    found = range_without_outliers(float(kept[0]), least, most, float(kept[-1]))
    return found if len(kept) == len(exact) else found._replace(note=_OUTLIERS)


def level_at(share: float, levels: NDArray[np.number], counts: NDArray[np.number]) -> float:
    """Find the value that a share of the pixels are under.

    Parameters
    ----------
    share : float
        From 0 to 1.
    levels : ndarray
        The picture's values in ascending order.
    counts : ndarray
        How many pixels have each.
    """
    reached = np.cumsum(counts)
    return float(levels[np.searchsorted(reached, int((reached[-1] - 1) * share + 0.5), "right")])


def _count_beyond_a_gap(levels: NDArray[np.float64], counts: NDArray[np.number]) -> int:
    """Number of the last levels that belong to a label or frame; 0 without a gap before them."""
    reached = np.cumsum(counts)
    size = reached[-1]
    in_gap = int(_IN_THE_GAP * size)
    first = max(0, math.ceil((1 - _MOST_BEYOND_A_GAP) * size) - 1)
    last = int((1 - OUTLIERS) * size)
    begin, low, end = np.searchsorted(reached, (int(OUTLIERS * size), first, last), "right")
    # Distances, so that the order may be either one.
    reach = np.abs(levels - levels[begin])
    is_border = OUTLIERS * size < counts[-1] <= _MOST_OF_ONE_VALUE * size
    if is_border and reach[-1] >= 2 * reach[-2] > 0:
        return 1
    inside = np.arange(low, end + 1)
    # The level of the pixel that comes after as many as may lie in the gap.
    after = np.searchsorted(reached, np.minimum(reached[inside] - 1, last) + in_gap + 1, "right")
    inside = inside[after < len(levels)]
    after = after[: len(inside)]
    found = np.flatnonzero((reach[inside] > 0) & (reach[after] >= 2 * reach[inside]))
    if not len(found):
        return 0
    at = inside[found[0]]
    # The picture's own brightest pixels may be as few as those that a gap may have.
    steps = np.diff(reach[at : after[found[0]] + 1]) >= _STEP_BEFORE_A_GAP * reach[at]
    return len(levels) - 1 - int(at) - int(np.argmax(steps))


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
    return Range(*found, _OUTLIERS)
