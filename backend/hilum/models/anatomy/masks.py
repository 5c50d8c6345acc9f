"""Conversion of the network's mask logits to clean organ masks."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from hilum.models.anatomy.grid import Grid

MASK_STRIDE = 2
"""The network's masks have this part of its input's side; outlines lie on a grid of all of it."""
_PART_SHARE = 0.25
"""A second piece of an organ is kept where it has at least this share of the largest one."""
CHILDS_LUNG_EDGE = 1.5
"""Logit at which the outline of a child's lung lies: a probability of 0.82.

At 0, apices of children are outlined too high and outlines leak through the wall of the chest. On
the validation radiographs, 3.0 % of the outline lies outside the drawn lungs instead of 4.9 %
(``python -m benchmarks.childrens_lungs``).
"""


class Organ(StrEnum):
    """Outlined organs, in the order of the network's masks. Right and left are the patient's."""

    RIGHT_LUNG = "right_lung"
    LEFT_LUNG = "left_lung"
    HEART = "heart"


@dataclass(frozen=True, eq=False)
class OrganMasks:
    """Clean masks of one radiograph.

    Attributes
    ----------
    masks : mapping of Organ to ndarray of bool, shape (side, side)
        Largest parts, holes filled. All false where nothing was found.
    certainty : mapping of Organ to float
        Mean of the network's probability within the mask, in [0, 1]; 0 for an empty one.
    """

    grid: Grid
    masks: Mapping[Organ, NDArray[np.bool_]]
    certainty: Mapping[Organ, float]

    @cached_property
    def moments(self) -> Mapping[Organ, Mapping[str, float]]:
        """Image moments of each mask, as `cv2.moments` names them; ``m00`` is its area."""
        return {organ: cv2.moments(mask.view(np.uint8)) for organ, mask in self.masks.items()}

    @cached_property
    def lungs(self) -> NDArray[np.bool_]:
        """Mask of both lungs, shape (side, side)."""
        return self.masks[Organ.RIGHT_LUNG] | self.masks[Organ.LEFT_LUNG]

    def centre(self, organ: Organ) -> tuple[float, float]:
        """Centre (x, y) of a mask that is not empty, in grid pixels."""
        moments = self.moments[organ]
        return moments["m10"] / moments["m00"], moments["m01"] / moments["m00"]


def clean_masks(
    logits: NDArray[np.float32], *, rows: int, columns: int, lung_edge: float = 0.0
) -> OrganMasks:
    """Outline the organs.

    Parameters
    ----------
    logits : ndarray of float32, shape (side, side, 3)
        In the order of `Organ`.
    rows, columns : int
        Size of the radiograph that the square was stretched from.
    lung_edge : float
        Logit at which the outline of a lung lies.

    Returns
    -------
    OrganMasks
        On a grid of twice the masks' side: an edge lies between two of its pixels, and
        where it crosses is known better than by half a pixel.
    """
    side = logits.shape[0] * MASK_STRIDE
    fine = cv2.resize(logits, (side, side), interpolation=cv2.INTER_LINEAR)
    masks, certainty = {}, {}
    for organ, plane in zip(Organ, cv2.split(fine), strict=True):
        edge = 0.0 if organ is Organ.HEART else lung_edge
        mask = _largest_parts(plane > edge)
        masks[organ] = mask
        inside = plane[mask]
        certainty[organ] = float(np.mean(1 / (1 + np.exp(-inside)))) if len(inside) else 0.0
    return OrganMasks(Grid(side, rows, columns), masks, certainty)


def _largest_parts(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The largest part and those not much smaller, with their holes filled."""
    contours, _ = cv2.findContours(mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    areas = [cv2.contourArea(contour) for contour in contours]
    kept = [
        contour
        for contour, area in zip(contours, areas, strict=True)
        if area > 0 and area >= _PART_SHARE * max(areas)
    ]
    # Outer contours drawn full: what was a hole is inside them.
    drawn = np.zeros(mask.shape, dtype=np.uint8)
    cv2.drawContours(drawn, kept, -1, 1, thickness=cv2.FILLED)
    return drawn.astype(bool)


def outline(mask: NDArray[np.bool_], grid: Grid) -> list[list[tuple[float, float]]]:
    """Outline a mask as polygons in the radiograph's pixels.

    Parameters
    ----------
    mask : ndarray of bool, shape (side, side)

    Returns
    -------
    list of list of (x, y)
        One closed polygon for each part, without repeating its first point, simplified to
        within half a grid pixel, as is how far it runs from the edge.
    """
    # A contour runs through the centres of the outermost pixels, half a pixel within the edge; on
    # doubled pixels, a quarter.
    fine = np.repeat(np.repeat(mask.view(np.uint8), 2, axis=0), 2, axis=1)
    contours, _ = cv2.findContours(fine, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    polygons = []
    for contour in contours:
        simple = cv2.approxPolyDP(contour, 1.0, closed=True)[:, 0, :].astype(np.float64)
        points = grid.to_radiograph((simple - 0.5) / 2)
        polygons.append([(round(float(x), 1), round(float(y), 1)) for x, y in points])
    return polygons
