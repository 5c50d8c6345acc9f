"""Lists of numbers that films have, by what each list means.

Others are left out where they are codes of letters; in these, sound numbers may be such codes.
"""

from collections.abc import Callable
from itertools import pairwise
from typing import Final

from pydicom import Dataset

from hilum.deidentification.letters import are_letters
from hilum.imaging.dicom.elements import number, numbers, whole

Values = list[float]

_MOST_WINDOWS = 3
_LONGEST_FRAME_MS = 10_000
_STEADY = 0.05
"""Largest part of a frame's time by which others of a steady film differ from it."""
_LEAST_SHOWN = 0.1
"""Least share of the picture that a shutter leaves open."""


def _windows(dataset: Dataset, values: Values) -> Values:
    """A few pairs that windows of the picture's values may be; else the first alone."""
    centres, widths = numbers(dataset, "WindowCenter"), numbers(dataset, "WindowWidth")
    extent = (1 << (whole(dataset, "BitsStored") or 16)) * abs(number(dataset, "RescaleSlope") or 1)
    first = number(dataset, "RescaleIntercept") or 0
    fits = len(centres) == len(widths) <= _MOST_WINDOWS and all(
        1 <= width <= 2 * extent and abs(centre - first) <= 2 * extent
        for centre, width in zip(centres, widths, strict=True)
    )
    return values if fits else values[:1]


def _frame_times(dataset: Dataset, values: Values) -> Values:
    """One time for each frame: the mean, where they differ much."""
    times = values[1:]
    if len(values) != whole(dataset, "NumberOfFrames") or values[0] != 0:
        return []
    if not all(0 < each <= _LONGEST_FRAME_MS for each in times):
        return []
    mean = sum(times) / len(times)
    if all(abs(each - mean) <= max(1, _STEADY * mean) for each in times):
        return values
    return [0, *[float(f"{mean:.6g}")] * len(times)]


def _frame_numbers(_dataset: Dataset, values: Values) -> Values:
    """Frames in equal steps, such as 65 to 71."""
    steps = {after - before for before, after in pairwise(values)}
    return values if len(steps) == 1 and min(steps) > 0 and values[0] > 0 else []


def _vertices(dataset: Dataset, values: Values) -> Values:
    """Rows and columns of a polygon that leaves the picture open; else the picture's corners."""
    rows, columns = whole(dataset, "Rows"), whole(dataset, "Columns")
    if not rows or not columns:
        return []
    points = list(zip(values[::2], values[1::2], strict=False))
    # Twice the area, by Gauss's formula.
    area = sum(
        row * next_column - next_row * column
        for (row, column), (next_row, next_column) in pairwise([*points, points[0]])
    )
    is_open = abs(area) / 2 >= _LEAST_SHOWN * rows * columns
    if len(values) % 2 == 0 and is_open and not are_letters(values):
        return values
    return [1, 1, 1, columns, rows, columns, rows, 1]


LISTS: Final[dict[str, Callable[[Dataset, Values], Values]]] = {
    "WindowCenter": _windows,
    "WindowWidth": _windows,
    "FrameTimeVector": _frame_times,
    "ReferencedFrameNumber": _frame_numbers,
    "VerticesOfThePolygonalShutter": _vertices,
    "VerticesOfThePolygonalCollimator": _vertices,
}
"""By keyword, which function tells what stays of several values."""
