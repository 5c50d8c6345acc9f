"""Radiographs with the chest, or all but the chest, filled with one grey."""

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from hilum.imaging import Radiograph
from hilum.models.anatomy.masks import OrganMasks

_MARGIN = 0.02
"""Around the organs, as a share of the picture: an outline runs along what it is not to show."""


def fill_chest(radiograph: Radiograph, organs: OrganMasks) -> Radiograph:
    """Fill lungs and heart, with a margin, with the mean grey of the rest."""
    return _filled(radiograph, chest_area(organs))


def fill_chest_box(radiograph: Radiograph, organs: OrganMasks) -> Radiograph:
    """Fill the whole box around lungs and heart with the mean grey of the rest."""
    chest = chest_area(organs)
    box = np.outer(chest.any(axis=1), chest.any(axis=0))
    return _filled(radiograph, box)


def fill_surroundings(radiograph: Radiograph, organs: OrganMasks) -> Radiograph:
    """Fill all but lungs and heart, with a margin, with their mean grey."""
    return _filled(radiograph, ~chest_area(organs))


def chest_area(organs: OrganMasks) -> NDArray[np.bool_]:
    """Lungs and heart with a margin, on the masks' grid, shape (side, side)."""
    anywhere = np.any(list(organs.masks.values()), axis=0).astype(np.uint8)
    reach = 2 * round(_MARGIN * organs.grid.side) + 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach))
    return np.asarray(cv2.dilate(anywhere, kernel).astype(bool))


def _filled(radiograph: Radiograph, area: NDArray[np.bool_]) -> Radiograph:
    rows, columns = radiograph.pixels.shape
    stretched = cv2.resize(
        area.astype(np.uint8), (columns, rows), interpolation=cv2.INTER_NEAREST_EXACT
    ).astype(bool)
    # The mean of what stays: a mean that knew the covered greys would tell of them.
    rest = radiograph.pixels[~stretched]
    grey = np.float32(rest.mean()) if len(rest) else np.float32(0.5)
    return replace(radiograph, pixels=np.where(stretched, grey, radiograph.pixels))
