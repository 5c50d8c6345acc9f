"""Validity and interpretation of the cardiothoracic ratio: one rule for all outputs.

The ratio is defined on upright PA films of adults: AP films magnify the heart, and children's
hearts are wider against the chest.
"""

from dataclasses import dataclass
from enum import StrEnum

from hilum.imaging import Radiograph, View
from hilum.models.anatomy.quality import QualityCode
from hilum.models.anatomy.reader import Anatomy
from hilum.populations import ADULT_YEARS, Population

ENLARGED_ABOVE = 0.5
"""Above this ratio the heart of an adult is called enlarged (Danzer, Am J Med Sci 1919)."""


class RatioCaveat(StrEnum):
    """Reason why a measured ratio is not valid."""

    AP_VIEW = "ap_view"
    LOOKS_AP = "looks_ap"
    LATERAL_VIEW = "lateral_view"
    CHILD = "child"
    LOOKS_LIKE_CHILD = "looks_like_child"
    SIDE_CUT = "side_cut"
    TILTED = "tilted"
    INVERTED = "inverted"
    UNEQUAL_LUNGS = "unequal_lungs"
    MIRRORED = "mirrored"


class Unknown(StrEnum):
    """Unknown facts that the validity of a ratio depends on."""

    VIEW = "view"
    AGE = "age"


class HeartSize(StrEnum):
    """Size of the heart by the limit of the ratio for adults."""

    ENLARGED = "enlarged"
    NOT_ENLARGED = "not_enlarged"
    TOO_CLOSE = "too_close"


@dataclass(frozen=True, slots=True)
class RatioValidity:
    """Whether a ratio may be used.

    Attributes
    ----------
    caveats : tuple of RatioCaveat
        Reasons why it is invalid.
    unknown : tuple of Unknown
        Facts that neither the file nor the image shows.
    is_view_estimated : bool
        The view PA is estimated from the image, not stated by the file.
    """

    caveats: tuple[RatioCaveat, ...]
    unknown: tuple[Unknown, ...]
    is_view_estimated: bool = False

    @property
    def is_valid(self) -> bool:
        """No known reason makes it invalid."""
        return not self.caveats

    def size(self, ratio: float, error: float) -> HeartSize | None:
        """Compare a ratio with the limit for adults.

        Parameters
        ----------
        error : float
            Mean absolute error of measured ratios.

        Returns
        -------
        HeartSize or None
            None where the ratio is not valid, or it is not known to be an adult's PA film.
        """
        if self.caveats or self.unknown:
            return None
        if abs(ratio - ENLARGED_ABOVE) <= error:
            return HeartSize.TOO_CLOSE
        return HeartSize.ENLARGED if ratio > ENLARGED_ABOVE else HeartSize.NOT_ENLARGED


_OF_QUALITY = {
    QualityCode.SIDE_CUT: RatioCaveat.SIDE_CUT,
    QualityCode.TILTED: RatioCaveat.TILTED,
    QualityCode.INVERTED: RatioCaveat.INVERTED,
    QualityCode.UNEQUAL_LUNGS: RatioCaveat.UNEQUAL_LUNGS,
    QualityCode.MIRRORED: RatioCaveat.MIRRORED,
}


def ratio_validity(radiograph: Radiograph, anatomy: Anatomy) -> RatioValidity:
    """Tell whether the ratio of a film may be used: age and view by header, then by picture."""
    caveats = []
    if radiograph.view is View.AP:
        caveats.append(RatioCaveat.AP_VIEW)
    if radiograph.estimated_view is View.AP:
        caveats.append(RatioCaveat.LOOKS_AP)
    if radiograph.view is View.LATERAL:
        caveats.append(RatioCaveat.LATERAL_VIEW)
    age, shown = radiograph.patient_age_years, anatomy.picture
    if age is not None and age < ADULT_YEARS:
        caveats.append(RatioCaveat.CHILD)
    if age is None and shown.is_known and shown.population is Population.CHILDREN:
        caveats.append(RatioCaveat.LOOKS_LIKE_CHILD)
    caveats += [_OF_QUALITY[note.code] for note in anatomy.notes if note.code in _OF_QUALITY]
    unknown = []
    if radiograph.view is View.UNKNOWN and radiograph.estimated_view is View.UNKNOWN:
        unknown.append(Unknown.VIEW)
    if age is None:
        unknown.append(Unknown.AGE)
    return RatioValidity(
        tuple(caveats), tuple(unknown), is_view_estimated=radiograph.estimated_view is View.PA
    )
