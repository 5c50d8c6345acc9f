"""Measurements on the masks: cardiothoracic ratio, lung areas, tilt."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hilum.models.anatomy.grid import Grid
from hilum.models.anatomy.masks import Organ, OrganMasks

Point = tuple[float, float]
Line = tuple[Point, Point]


@dataclass(frozen=True, slots=True)
class CardiothoracicRatio:
    """Heart width over the inner width of the chest (Danzer, Am J Med Sci 1919).

    Attributes
    ----------
    heart, thorax : Line
        Both diameters, from the picture's left to its right, in the radiograph's pixels.
    heart_mm, thorax_mm : float or None
        Their lengths, where the spacing is known.
    """

    value: float
    heart: Line
    thorax: Line
    heart_mm: float | None
    thorax_mm: float | None


@dataclass(frozen=True, slots=True)
class Measures:
    """All that was measured on one radiograph.

    Attributes
    ----------
    lung_area_px : mapping of Organ to float
        In the radiograph's pixels.
    lung_area_mm2 : mapping of Organ to float or None
    asymmetry : float
        (right - left) / (right + left) of the lungs' areas, in [-1, 1].
    tilt_degrees : float
        Mean lean of both lungs' long axes; above zero they lean to the picture's right at the
        top.
    heart_offset : float
        How far the heart's centre lies to the picture's right of the middle of the chest, as a
        share of the chest's width. Below zero in a mirrored film, and in dextrocardia.
    """

    ratio: CardiothoracicRatio
    lung_area_px: dict[Organ, float]
    lung_area_mm2: dict[Organ, float] | None
    asymmetry: float
    tilt_degrees: float
    heart_offset: float


def measure(organs: OrganMasks, spacing_mm: tuple[float, float] | None) -> Measures:
    """Measure credible masks; see `hilum.models.anatomy.quality` for which those are.

    Parameters
    ----------
    organs : OrganMasks
        Both lungs and the heart are there.
    spacing_mm : tuple of float or None
        Row and column spacing of the radiograph.
    """
    grid = organs.grid
    pixel_area = float(np.prod(grid.scale))
    areas = {organ: organs.moments[organ]["m00"] * pixel_area for organ in _LUNGS}
    area_mm2 = None
    if spacing_mm is not None:
        area_mm2 = {organ: area * spacing_mm[0] * spacing_mm[1] for organ, area in areas.items()}
    both = areas[Organ.RIGHT_LUNG] + areas[Organ.LEFT_LUNG]
    return Measures(
        ratio=_ratio(organs.masks[Organ.HEART], _widest_row(organs.lungs), grid, spacing_mm),
        lung_area_px=areas,
        lung_area_mm2=area_mm2,
        asymmetry=(areas[Organ.RIGHT_LUNG] - areas[Organ.LEFT_LUNG]) / both,
        tilt_degrees=_tilt_degrees(organs),
        heart_offset=heart_offset(organs),
    )


def heart_offset(organs: OrganMasks) -> float:
    """Offset of the heart's centre to the image's right; see `Measures`.

    Parameters
    ----------
    organs : OrganMasks
        Both lungs and the heart are there, and the lungs lie side by side.

    Returns
    -------
    float
        As a share of the chest's width.
    """
    _, (first, last) = _widest_row(organs.lungs)
    return (organs.centre(Organ.HEART)[0] - _middle(organs)) / (last - first)


_LUNGS = (Organ.RIGHT_LUNG, Organ.LEFT_LUNG)


def _ratio(
    heart: NDArray[np.bool_],
    thorax: tuple[int, tuple[float, float]],
    grid: Grid,
    spacing_mm: tuple[float, float] | None,
) -> CardiothoracicRatio:
    heart_rows = np.flatnonzero(heart.any(axis=1))
    columns = np.flatnonzero(heart.any(axis=0))
    # From the outermost point on either side, drawn level at the middle of their heights: the
    # sum of both distances from any midline, as the ratio is drawn on film.
    ends = (columns[0] - 0.5, columns[-1] + 0.5)
    left_row = heart_rows[heart[heart_rows, columns[0]]].mean()
    right_row = heart_rows[heart[heart_rows, columns[-1]]].mean()
    heart_line = _line((left_row + right_row) / 2, ends, grid)
    thorax_line = _line(thorax[0], thorax[1], grid)
    lengths = [line[1][0] - line[0][0] for line in (heart_line, thorax_line)]
    in_mm = [length * spacing_mm[1] if spacing_mm else None for length in lengths]
    return CardiothoracicRatio(lengths[0] / lengths[1], heart_line, thorax_line, in_mm[0], in_mm[1])


def _widest_row(mask: NDArray[np.bool_]) -> tuple[int, tuple[float, float]]:
    """The row in which a mask reaches furthest from left to right, and from where to where."""
    rows = np.flatnonzero(mask.any(axis=1))
    first = mask[rows].argmax(axis=1)
    last = mask.shape[1] - 1 - mask[rows, ::-1].argmax(axis=1)
    # Of rows that reach equally far, the one in the middle.
    width = last - first
    ties = np.flatnonzero(width == width.max())
    widest = int(ties[len(ties) // 2])
    return int(rows[widest]), (first[widest] - 0.5, last[widest] + 0.5)


def _line(row: float, ends: tuple[float, float], grid: Grid) -> Line:
    points = grid.to_radiograph(np.array([[ends[0], row], [ends[1], row]]))
    (x1, y1), (x2, y2) = points.tolist()
    return (x1, y1), (x2, y2)


def _middle(organs: OrganMasks) -> float:
    """Column midway between the chest's outer edges, the median over rows with both lungs."""
    right, left = (organs.masks[lung] for lung in _LUNGS)
    rows = np.flatnonzero(right.any(axis=1) & left.any(axis=1))
    outer_right = right[rows].argmax(axis=1)
    outer_left = left.shape[1] - 1 - left[rows, ::-1].argmax(axis=1)
    return float(np.median((outer_right + outer_left) / 2))


def _tilt_degrees(organs: OrganMasks) -> float:
    """Mean lean of both lungs' long axes: upright, they lean towards each other equally."""
    return sum(_lean_degrees(organs.moments[lung], organs.grid) for lung in _LUNGS) / 2


def _lean_degrees(moments: Mapping[str, float], grid: Grid) -> float:
    """Angle of a mask's long axis from the vertical, above zero towards the picture's right."""
    x, y = grid.scale
    across, along = moments["mu20"] * x * x, moments["mu02"] * y * y
    return float(np.degrees(0.5 * np.arctan2(-2 * moments["mu11"] * x * y, along - across)))
