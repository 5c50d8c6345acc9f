"""Content of an image as estimated by the anatomy network: kind, age group, view."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from hilum.populations import Population


class PictureKind(StrEnum):
    """Kinds of images, in the order of the network's output ``kind``."""

    FRONTAL_CHEST = "frontal_chest"
    PHANTOM = "phantom"
    LATERAL_CHEST = "lateral_chest"
    CHEST_PART = "chest_part"
    COLLAGE = "collage"
    FRAMED = "framed"
    CT = "ct"
    SPINE = "spine"
    LIMB = "limb"
    PAGE = "page"
    OTHER = "other"


READ_KINDS = (PictureKind.FRONTAL_CHEST, PictureKind.PHANTOM)
"""Kinds that are read."""


class Gate(BaseModel):
    """Limits for accepting an image as a frontal chest radiograph.

    Attributes
    ----------
    least : float
        Least probability of `READ_KINDS` together, in [0, 1].
    near : float
        Probability from which an image is accepted even without a credible outline.
    chosen : str
        How both were chosen.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    least: float = Field(ge=0, le=1)
    near: float = Field(ge=0, le=1)
    chosen: str


class Estimate(BaseModel):
    """Calibration of one logit, and the range of probabilities without an answer.

    Attributes
    ----------
    slope, offset : float
        The probability is ``sigmoid(slope * logit + offset)`` (Platt, 1999).
    unknown : tuple of float
        Probabilities between these two give no answer.
    chosen : str
        How these values were chosen.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    slope: float
    offset: float
    unknown: tuple[float, float]
    chosen: str

    def probability(self, logit: float) -> float:
        """Calibrated probability, in [0, 1]."""
        return float(1 / (1 + np.exp(-np.clip(self.slope * logit + self.offset, -60, 60))))

    def says(self, probability: float) -> bool | None:
        """Decide from a probability; None if there is no answer."""
        low, high = self.unknown
        if probability <= low:
            return False
        return True if probability >= high else None


@dataclass(frozen=True, slots=True)
class Picture:
    """Content of an image.

    Attributes
    ----------
    kind : PictureKind
        Most probable kind.
    is_known : bool
        The gate accepts it as a frontal chest radiograph.
    is_near : bool
        It is accepted even without a credible outline.
    population : Population or None
        Population of the patient; None if the image gives no answer.
    is_ap : bool or None
        The film is AP, not PA; None if the image gives no answer.
    probability : float
        Probability of a frontal chest radiograph, real or drawn, in [0, 1].
    adult_probability, ap_probability : float
        Calibrated, in [0, 1]; meaningless if the image is not a chest radiograph.
    """

    kind: PictureKind
    is_known: bool
    is_near: bool
    population: Population | None
    is_ap: bool | None
    probability: float
    adult_probability: float
    ap_probability: float


def picture_of(
    kind_logits: NDArray[np.float32],
    adult_logit: float,
    ap_logit: float,
    *,
    gate: Gate,
    adult: Estimate,
    ap: Estimate,
) -> Picture:
    """Determine the content of an image.

    Parameters
    ----------
    kind_logits : ndarray of float32, shape (len(PictureKind),)
    adult_logit, ap_logit : float
        Logits of adult against child, and of AP against PA.
    """
    odds = np.exp(kind_logits.astype(np.float64) - kind_logits.max())
    shares = dict(zip(PictureKind, odds / odds.sum(), strict=True))
    probability = float(sum(shares[kind] for kind in READ_KINDS))
    is_phantom = shares[PictureKind.PHANTOM] > shares[PictureKind.FRONTAL_CHEST]
    is_known = probability >= gate.least
    if is_known:
        kind = PictureKind.PHANTOM if is_phantom else PictureKind.FRONTAL_CHEST
    else:
        kind = max(set(PictureKind) - set(READ_KINDS), key=lambda each: shares[each])
    adult_probability, ap_probability = adult.probability(adult_logit), ap.probability(ap_logit)
    is_adult = adult.says(adult_probability)
    population = None
    if is_phantom:
        population = Population.DRAWN
    elif is_adult is not None:
        population = Population.ADULTS if is_adult else Population.CHILDREN
    return Picture(
        kind=kind,
        probability=probability,
        is_known=is_known,
        is_near=probability >= gate.near,
        adult_probability=adult_probability,
        ap_probability=ap_probability,
        population=population,
        is_ap=None if is_phantom else ap.says(ap_probability),
    )
