"""Lists of numbers in radiographs, with rules by the meaning of each list.

Sound numbers may be codes of letters, and lists that have no bounds have room for a name. So no
other list of more than two numbers stays.
"""

from collections.abc import Callable
from functools import partial
from itertools import pairwise
from typing import Final

import cv2
import numpy as np
from pydicom import Dataset

from hilum.deidentification.letters import are_letters, are_of_one_script
from hilum.deidentification.number_bounds import BELOW_LETTERS
from hilum.imaging.dicom.elements import number, numbers, whole

Values = list[float]

MOST_FREE: Final = 2
"""How many numbers a list may have of which nothing is known."""

_MOST_WINDOWS = 3
_LONGEST_FRAME_MS = 10_000
_STEADY_MS = 4
"""By how much frames of a steady film differ from their mean."""
_LEAST_SHOWN = 0.1
"""Least share of the picture that a shutter leaves open."""
_MARGIN = 0.1
"""Share of the picture by which a shutter's corners may lie outside."""
_BENT = 1.001
"""How much longer a convex polygon of rounded corners may be than its hull."""
_AXES = 3
_BORE_MM = 500
"""Half the width of what a scanner shows."""


def _within(least: float, greatest: float, _dataset: Dataset, values: Values) -> Values:
    return values if all(least <= each <= greatest for each in values) else []


def without_letters(dataset: Dataset, values: Values) -> Values:
    """Numbers of which two cannot be a Chinese or a Korean name.

    Parameters
    ----------
    values : list of float
        At most `MOST_FREE`.
    """
    return _within(-BELOW_LETTERS, BELOW_LETTERS, dataset, values)


def _windows(dataset: Dataset, values: Values) -> Values:
    """A few pairs that windows of the picture's values may be; else the first alone."""
    centres, widths = numbers(dataset, "WindowCenter"), numbers(dataset, "WindowWidth")
    extent = (1 << (whole(dataset, "BitsStored") or 16)) * abs(number(dataset, "RescaleSlope") or 1)
    first = number(dataset, "RescaleIntercept") or 0
    fits = len(centres) == len(widths) <= _MOST_WINDOWS and all(
        1 <= width <= 2 * extent and abs(centre - first) <= 2 * extent
        for centre, width in zip(centres, widths, strict=True)
    )
    is_name = are_of_one_script(centres) or are_of_one_script(widths)
    return values if fits and not is_name else values[:1]


def _frame_times(dataset: Dataset, values: Values) -> Values:
    """One time for each frame; the mean if they differ much."""
    times = values[1:]
    if len(values) != whole(dataset, "NumberOfFrames") or values[0] != 0:
        return []
    if not all(0 < each <= _LONGEST_FRAME_MS for each in times):
        return []
    mean = sum(times) / len(times)
    if all(abs(each - mean) <= _STEADY_MS for each in times):
        return values
    return [0, *[float(f"{mean:.6g}")] * len(times)]


def _equal_steps(dataset: Dataset, values: Values) -> Values:
    """Numbers in equal steps, such as 65 to 71."""
    first = values[1] - values[0]
    is_even = first != 0 and all(
        abs(after - before - first) <= abs(first) / 100 for before, after in pairwise(values)
    )
    return without_letters(dataset, values) if is_even else []


def _vertices(dataset: Dataset, values: Values) -> Values:
    """Rows and columns of a convex polygon that leaves the picture open; else its corners."""
    rows, columns = whole(dataset, "Rows"), whole(dataset, "Columns")
    if not rows or not columns:
        return []
    corners: Values = [1, 1, 1, columns, rows, columns, rows, 1]
    if len(values) % 2 or are_letters(values):
        return corners
    points = np.array(values, np.float32).reshape(-1, 1, 2)
    size = np.array([rows, columns])
    is_inside = bool((np.abs(points - size / 2) <= (0.5 + _MARGIN) * size).all())
    hull = cv2.convexHull(points)
    is_open = cv2.contourArea(hull) >= _LEAST_SHOWN * rows * columns
    # Of all lines around some points the hull is the shortest.
    is_convex = cv2.arcLength(points, True) <= _BENT * cv2.arcLength(hull, True)
    return values if is_inside and is_open and is_convex else corners


def _position(_dataset: Dataset, values: Values) -> Values:
    """To the left and back within the bore; along it, tables go far."""
    if len(values) != _AXES:
        return []
    *across, along = values
    is_there = all(abs(each) <= _BORE_MM for each in across) and abs(along) <= BELOW_LETTERS
    return values if is_there else []


LISTS: Final[dict[str, Callable[[Dataset, Values], Values]]] = {
    "WindowCenter": _windows,
    "WindowWidth": _windows,
    "FrameTimeVector": _frame_times,
    "ReferencedFrameNumber": _equal_steps,
    "GridFrameOffsetVector": _equal_steps,
    "VerticesOfThePolygonalShutter": _vertices,
    "VerticesOfThePolygonalCollimator": _vertices,
    "ImagePositionPatient": _position,
    "ImageOrientationPatient": partial(_within, -1, 1),
    # In mm.
    "FocalSpots": partial(_within, 0, 10),
    "FilterThicknessMinimum": partial(_within, 0, 60),
    "FilterThicknessMaximum": partial(_within, 0, 60),
}
"""By keyword, which function tells what stays of several values."""
