"""Contour lines of evidence, in pixels of the radiograph."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from hilum.models.evidence.place import Heat, Place

LEVELS = (0.25, 0.5, 0.75)
"""Shares of the peak that lines are drawn at."""

_FINER = 3
_TOLERANCE_PX = 0.5

Polygon = list[tuple[float, float]]


def contours(
    heat: Heat, place: Place, levels: Sequence[float] = LEVELS
) -> dict[float, list[Polygon]]:
    """Outline where evidence reaches shares of its peak.

    Parameters
    ----------
    heat : ndarray of float32, shape (rows, columns)
        On the raster of `place`.
    levels : sequence of float
        Shares of the peak, in (0, 1].

    Returns
    -------
    mapping of float to list of list of (x, y)
        By level: closed polygons around each part, without repeating the first point; holes are
        left out. No polygons if there is no evidence.
    """
    peak = float(heat.max())
    if peak <= 0:
        return {level: [] for level in levels}
    size = (place.columns * _FINER, place.rows * _FINER)
    fine = cv2.resize(heat, size, interpolation=cv2.INTER_LINEAR)
    return {level: _around(fine >= level * peak, place) for level in levels}


def _around(area: NDArray[np.bool_], place: Place) -> list[Polygon]:
    # An edge of nothing, so that lines close where evidence reaches the raster's border.
    inside = cv2.copyMakeBorder(area.astype(np.uint8), 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    found, _ = cv2.findContours(inside, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    polygons: list[Polygon] = []
    for outline in found:
        simple = cv2.approxPolyDP(outline, _TOLERANCE_PX, closed=True)[:, 0, :] - 1.0
        points = np.round(place.to_radiograph((simple + 0.5) / _FINER - 0.5), 1)
        polygons.append([(x, y) for x, y in points.tolist()])
    return polygons
