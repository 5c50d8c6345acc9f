"""Names of chest regions, from the masks. Right and left are the patient's."""

from collections.abc import Mapping
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from hilum.models.anatomy import Organ
from hilum.models.anatomy.masks import OrganMasks
from hilum.models.evidence.place import Heat, Place


class Region(StrEnum):
    """A region of a frontal chest radiograph.

    Zones of both lungs are used if the evidence is not one-sided; see `is_one_sided`.
    """

    RIGHT_UPPER_ZONE = "right_upper_zone"
    RIGHT_MIDDLE_ZONE = "right_middle_zone"
    RIGHT_LOWER_ZONE = "right_lower_zone"
    LEFT_UPPER_ZONE = "left_upper_zone"
    LEFT_MIDDLE_ZONE = "left_middle_zone"
    LEFT_LOWER_ZONE = "left_lower_zone"
    HEART = "heart"
    OUTSIDE = "outside_lungs_and_heart"
    BOTH_UPPER_ZONES = "both_upper_zones"
    BOTH_MIDDLE_ZONES = "both_middle_zones"
    BOTH_LOWER_ZONES = "both_lower_zones"

    @property
    def is_without_side(self) -> bool:
        """A zone of both lungs."""
        return self.value.startswith("both_")

    @property
    def lung(self) -> Organ | None:
        """Lung of a zone; None for other regions."""
        side = self.value.split("_")[0]
        return {"right": Organ.RIGHT_LUNG, "left": Organ.LEFT_LUNG}.get(side)

    @property
    def without_side(self) -> "Region":
        """The same zone of both lungs; other regions unchanged."""
        if self.lung is None:
            return self
        return Region(f"both_{self.value.split('_')[1]}_zones")


LEAST_SHARE_OF_LUNG = 0.7
"""Minimum share of the evidence within the lungs in one lung for naming its side."""

_REGIONS = tuple(Region)
_FIRST_ZONE = {
    Organ.RIGHT_LUNG: Region.RIGHT_UPPER_ZONE,
    Organ.LEFT_LUNG: Region.LEFT_UPPER_ZONE,
}
_ZONES = 3


def regions_at(
    organs: OrganMasks, rows: NDArray[np.intp], columns: NDArray[np.intp]
) -> NDArray[np.uint8]:
    """Tell the regions of some rows and columns of the masks' grid.

    Zones are thirds of a lung's height, as it is outlined on this film, of the side that it is
    displayed on. Where outlines overlap, lung goes before heart.

    Parameters
    ----------
    rows : ndarray of int, shape (r,)
    columns : ndarray of int, shape (c,)

    Returns
    -------
    ndarray of uint8, shape (r, c)
        Indices into `Region`'s members.
    """
    at = np.ix_(rows, columns)
    is_heart = organs.masks[Organ.HEART][at]
    regions = np.where(is_heart, _REGIONS.index(Region.HEART), _REGIONS.index(Region.OUTSIDE))
    for organ, first in _FIRST_ZONE.items():
        mask = organs.masks[organ]
        spanned = np.flatnonzero(mask.any(axis=1))
        if len(spanned):
            top, height = spanned[0], spanned[-1] + 1 - spanned[0]
            zones = _REGIONS.index(first) + (rows - top) * _ZONES // height
            regions = np.where(mask[at], zones[:, np.newaxis], regions)
    return regions.astype(np.uint8)


def regions_under(place: Place, organs: OrganMasks) -> NDArray[np.uint8]:
    """The region below each pixel of a map's raster, shape (rows, columns); see `regions_at`."""
    grid = organs.grid
    found = []
    for count, axis in ((place.rows, 1), (place.columns, 0)):
        points = np.outer(np.arange(count), np.eye(2)[axis])
        on_grid = (place.to_radiograph(points)[:, axis] + 0.5) / grid.scale[axis] - 0.5
        found.append(np.clip(np.rint(on_grid).astype(np.intp), 0, grid.side - 1))
    return regions_at(organs, *found)


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


def is_one_sided(shares: Mapping[Region, float], peak_region: Region | None) -> bool:
    """Whether evidence bears out a side.

    It does where one lung has `LEAST_SHARE_OF_LUNG` of what lies in the lungs, and the strongest
    zone and the peak, if it lies in a zone, are in that lung.

    Parameters
    ----------
    shares : mapping of Region to float
        See `shares_by_region`.
    """
    by_zone = {region: share for region, share in shares.items() if region.lung is not None}
    if not by_zone:
        return False
    lung = max(by_zone, key=by_zone.__getitem__).lung
    in_lung = sum(share for region, share in by_zone.items() if region.lung is lung)
    is_peak_elsewhere = peak_region is not None and peak_region.lung not in (None, lung)
    return in_lung >= LEAST_SHARE_OF_LUNG * sum(by_zone.values()) and not is_peak_elsewhere


def without_sides(shares: Mapping[Region, float]) -> dict[Region, float]:
    """The shares with the zones of both lungs summed up, the strongest first."""
    sums: dict[Region, float] = {}
    for region, share in shares.items():
        sums[region.without_side] = sums.get(region.without_side, 0.0) + share
    return dict(sorted(sums.items(), key=lambda each: -each[1]))
