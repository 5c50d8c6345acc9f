"""Regions of the chest in words, from the masks. Right and left are the patient's."""

from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from hilum.models.anatomy import Organ
from hilum.models.anatomy.masks import OrganMasks
from hilum.models.evidence.place import Heat, Place


class Region(StrEnum):
    """A part of a frontal chest radiograph.

    Where it is not certain which lung is which, zones are named by where they lie in the picture.
    """

    RIGHT_UPPER_ZONE = "right_upper_zone"
    RIGHT_MIDDLE_ZONE = "right_middle_zone"
    RIGHT_LOWER_ZONE = "right_lower_zone"
    LEFT_UPPER_ZONE = "left_upper_zone"
    LEFT_MIDDLE_ZONE = "left_middle_zone"
    LEFT_LOWER_ZONE = "left_lower_zone"
    HEART = "heart"
    OUTSIDE = "outside_lungs_and_heart"
    PICTURE_LEFT_UPPER_ZONE = "picture_left_upper_zone"
    PICTURE_LEFT_MIDDLE_ZONE = "picture_left_middle_zone"
    PICTURE_LEFT_LOWER_ZONE = "picture_left_lower_zone"
    PICTURE_RIGHT_UPPER_ZONE = "picture_right_upper_zone"
    PICTURE_RIGHT_MIDDLE_ZONE = "picture_right_middle_zone"
    PICTURE_RIGHT_LOWER_ZONE = "picture_right_lower_zone"

    @property
    def is_by_picture(self) -> bool:
        """Named by where it lies in the picture, not by the patient's side."""
        return self.value.startswith("picture_")


_REGIONS = tuple(Region)
_FIRST_ZONE = {
    Organ.RIGHT_LUNG: Region.RIGHT_UPPER_ZONE,
    Organ.LEFT_LUNG: Region.LEFT_UPPER_ZONE,
}
_FIRST_ZONE_ON_PICTURE = {
    Organ.RIGHT_LUNG: Region.PICTURE_LEFT_UPPER_ZONE,
    Organ.LEFT_LUNG: Region.PICTURE_RIGHT_UPPER_ZONE,
}
_ZONES = 3


def regions_at(
    organs: OrganMasks,
    rows: NDArray[np.intp],
    columns: NDArray[np.intp],
    *,
    are_sides_certain: bool = True,
) -> NDArray[np.uint8]:
    """Tell the regions of some rows and columns of the masks' grid.

    Zones are thirds of a lung's height, as it is outlined on this film. Where outlines overlap,
    lung goes before heart.

    Parameters
    ----------
    rows : ndarray of int, shape (r,)
    columns : ndarray of int, shape (c,)
    are_sides_certain : bool
        Zones are named by the patient's side; else by the picture's.

    Returns
    -------
    ndarray of uint8, shape (r, c)
        Indices into `Region`'s members.
    """
    at = np.ix_(rows, columns)
    is_heart = organs.masks[Organ.HEART][at]
    regions = np.where(is_heart, _REGIONS.index(Region.HEART), _REGIONS.index(Region.OUTSIDE))
    first_zones = _FIRST_ZONE if are_sides_certain else _FIRST_ZONE_ON_PICTURE
    for organ, first in first_zones.items():
        mask = organs.masks[organ]
        spanned = np.flatnonzero(mask.any(axis=1))
        if len(spanned):
            top, height = spanned[0], spanned[-1] + 1 - spanned[0]
            zones = _REGIONS.index(first) + (rows - top) * _ZONES // height
            regions = np.where(mask[at], zones[:, np.newaxis], regions)
    return regions.astype(np.uint8)


def regions_under(
    place: Place, organs: OrganMasks, *, are_sides_certain: bool = True
) -> NDArray[np.uint8]:
    """The region below each pixel of a map's raster, shape (rows, columns); see `regions_at`."""
    grid = organs.grid
    found = []
    for count, axis in ((place.rows, 1), (place.columns, 0)):
        points = np.outer(np.arange(count), np.eye(2)[axis])
        on_grid = (place.to_radiograph(points)[:, axis] + 0.5) / grid.scale[axis] - 0.5
        found.append(np.clip(np.rint(on_grid).astype(np.intp), 0, grid.side - 1))
    return regions_at(organs, *found, are_sides_certain=are_sides_certain)


def shares_by_region(heat: Heat, regions: NDArray[np.uint8]) -> dict[Region, float]:
    """Share of all evidence in each region that has any, the strongest first; sum 1.

    Parameters
    ----------
    heat : ndarray of float32, shape (rows, columns)
    regions : ndarray of uint8, shape (rows, columns)
        See `regions_under`.

    Returns
    -------
    mapping of Region to float
        Empty where there is no evidence at all.
    """
    total = float(heat.sum(dtype=np.float64))
    if total <= 0:
        return {}
    sums = np.bincount(regions.ravel(), heat.ravel(), minlength=len(_REGIONS)) / total
    order = np.argsort(-sums, kind="stable")
    return {_REGIONS[index]: float(sums[index]) for index in order if sums[index] > 0}
