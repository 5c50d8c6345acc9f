"""Evidence maps against boxes: three figures, and baselines that ignore the film."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hilum.evaluation.figures import statistics as stats
from hilum.findings import Finding
from hilum.imaging import Box, Radiograph
from hilum.models import Reader, Reading, Screener, Screening
from hilum.models.anatomy.masks import OrganMasks
from hilum.models.evidence import place_of
from hilum.models.evidence.maps import evidence_maps
from hilum.models.evidence.pictures import on_picture
from hilum.models.evidence.place import Heat, Place
from hilum.models.task import Task

SIDE = 256
"""Heat is compared on squares of this side that are stretched over the whole radiograph."""

IOU_LEVELS = (0.25, 0.5, 0.75)
"""Shares of the peak at or above which heat counts as marked area."""

BOX_FIGURES = ("pointing", "auprc", *(f"iou_{level:g}" for level in IOU_LEVELS), "inside")

_BLOB_SIGMA = 0.2


@dataclass(frozen=True, slots=True, eq=False)
class ReadFilm:
    """A film, read, with the evidence for one finding, whatever was decided.

    Attributes
    ----------
    heat : ndarray of float32
        On the raster of `place`.
    """

    screening: Screening
    reading: Reading
    heat: Heat
    place: Place
    finding: Finding

    @property
    def is_above_operating_point(self) -> bool:
        """The finding's probability is at or above its operating point."""
        return self.reading.decision_on(self.finding).is_above_operating_point


def read_film(reader: Reader, screener: Screener, radiograph: Radiograph, task: Task) -> ReadFilm:
    """Read a film as the service does, and place the evidence for a task's finding."""
    screening = screener.screen(radiograph)
    reading = reader.read(screening.radiograph, screening.anatomy.lung_field)
    place = place_of(reader.card, screening.radiograph, screening)
    heat = place.raster(evidence_maps(reading, reader.card, task)[task.finding])
    return ReadFilm(screening, reading, heat, place, task.finding)


def lying(heat: Heat, place: Place) -> Heat:
    """Heat on the common square, shape (SIDE, SIDE)."""
    return on_picture(heat, place, width=SIDE, height=SIDE)


def even_field(place: Place) -> Heat:
    """Baseline: uniform over the lung field (chance)."""
    field = place.field
    return _boxed([field.box]).astype(np.float32)


def even_chest(organs: OrganMasks) -> Heat:
    """Baseline: uniform over lungs and heart (chance, given the anatomy)."""
    chest = np.any(list(organs.masks.values()), axis=0)
    at = ((np.arange(SIDE) + 0.5) * organs.grid.side / SIDE).astype(int)
    return np.asarray(chest[np.ix_(at, at)], dtype=np.float32)


def central_blob(place: Place) -> Heat:
    """Baseline: a Gaussian in the centre of the lung field, sigma a fifth of its sides."""
    box = place.field.box
    middles = (np.arange(SIDE) + 0.5) / SIDE
    x = (middles - (box.left + box.right) / 2) / (box.right - box.left)
    y = (middles - (box.top + box.bottom) / 2) / (box.bottom - box.top)
    blob = np.exp(-(x[np.newaxis] ** 2 + y[:, np.newaxis] ** 2) / (2 * _BLOB_SIGMA**2))
    return np.asarray(blob * _boxed([box]), dtype=np.float32)


def box_figures(heat: Heat, boxes: Sequence[Box]) -> NDArray[np.float64]:
    """Figures of one film's heat against its boxes.

    The pointing game (Zhang et al., IJCV 126, 2018, with no tolerance): whether the peak lies in
    a box; of an even heat, how likely that is. The area under the precision-recall curve of
    pixels in a box by their heat (as Arun et al., Radiology: AI 2021). The intersection over
    union of all boxes and where heat reaches a share of its peak. The share of all heat that lies
    in a box (the energy pointing game; Wang et al., CVPR Workshops 2020).

    Parameters
    ----------
    heat : ndarray of float32, shape (SIDE, SIDE)

    Returns
    -------
    ndarray of float64
        In the order of `BOX_FIGURES`, each in [0, 1]; all 0 where there is no heat.
    """
    drawn = _boxed(boxes)
    peak = float(heat.max())
    if peak <= 0:
        return np.zeros(len(BOX_FIGURES))
    at_peak = heat == peak
    marked = [heat >= level * peak for level in IOU_LEVELS]
    unions = [(area & drawn).sum() / (area | drawn).sum() for area in marked]
    [precision] = stats.auprc(drawn.ravel(), heat.ravel().astype(np.float64))
    return np.array([drawn[at_peak].mean(), precision, *unions, heat[drawn].sum() / heat.sum()])


def _boxed(boxes: Sequence[Box]) -> NDArray[np.bool_]:
    """Pixels with their centres in any of the boxes."""
    at = (np.arange(SIDE) + 0.5) / SIDE
    inside = np.zeros((SIDE, SIDE), dtype=bool)
    for box in boxes:
        rows, columns = (at >= box.top) & (at < box.bottom), (at >= box.left) & (at < box.right)
        inside |= np.outer(rows, columns)
    return inside
