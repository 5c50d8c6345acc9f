"""Features of how a radiograph was acquired, without its anatomy."""

from collections import Counter
from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from hilum.imaging import Radiograph

_BINS = 64
_FRAME_SIDE, _FRAME_WIDTH = 32, 2


def border(radiograph: Radiograph) -> NDArray[np.float64]:
    """Grey values along the border of the radiograph, in a picture of 32 x 32."""
    small = cv2.resize(radiograph.pixels, (_FRAME_SIDE, _FRAME_SIDE), interpolation=cv2.INTER_AREA)
    is_frame = np.ones(small.shape, dtype=bool)
    is_frame[_FRAME_WIDTH:-_FRAME_WIDTH, _FRAME_WIDTH:-_FRAME_WIDTH] = False
    return np.asarray(small[is_frame], dtype=np.float64)


def histogram(radiograph: Radiograph) -> NDArray[np.float64]:
    """Square roots of the shares of 64 equal bands of grey."""
    counts, _ = np.histogram(radiograph.pixels, bins=_BINS, range=(0, 1))
    # Square roots: the differences of shares are then alike in size (Hellinger).
    return np.sqrt(counts / radiograph.pixels.size)


def size(radiograph: Radiograph) -> NDArray[np.float64]:
    """Logarithms of rows, columns and their ratio."""
    rows, columns = np.log([radiograph.rows, radiograph.columns])
    return np.array([rows, columns, rows - columns])


def properties(
    borders: NDArray[np.float64], sizes: NDArray[np.float64], series: Sequence[str | None]
) -> dict[str, tuple[NDArray[np.intp], NDArray[np.bool_]]]:
    """Divide radiographs in two by how they were acquired.

    Parameters
    ----------
    borders : ndarray of float64, shape (n, k)
        See `border`.
    sizes : ndarray of float64, shape (n, 3)
        See `size`.
    series : sequence of (str or None), length n
        None if unknown.

    Returns
    -------
    mapping of str to (ndarray of int, ndarray of bool)
        By ``series``, ``size`` and ``border``: the rows whose half is known, and whether they are
        in the most frequent series, in the half of the largest, and in that of the brightest
        borders.
    """
    rows = np.arange(len(borders))
    area, brightness = sizes[:, 0] + sizes[:, 1], borders.mean(axis=1)
    known = np.flatnonzero([each is not None for each in series])
    names = np.array([str(each) for each in series])[known]
    of_series = np.isin(names, [name for name, _ in Counter(names.tolist()).most_common(1)])
    return {
        "series": (known, of_series),
        "size": (rows, _upper_half(area)),
        "border": (rows, _upper_half(brightness)),
    }


def _upper_half(values: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Values above the median, or from it on: what is nearer to one half if many are the same."""
    median = np.median(values)
    return min(values > median, values >= median, key=lambda half: abs(half.mean() - 0.5))
