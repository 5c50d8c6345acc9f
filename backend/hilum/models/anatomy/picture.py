"""What a picture shows, as the anatomy network tells it: its kind, the patient's age, the view."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from hilum.populations import Population


class PictureKind(StrEnum):
    """Kinds of pictures, in the order of the network's ``kind``."""

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
"""Those that are read."""


class Gate(BaseModel):
    """Which pictures are taken for frontal chest radiographs.

    Attributes
    ----------
    least : float
        Least probability of `READ_KINDS` together, in [0, 1].
    near : float
        From here on a picture is taken for a film even without a credible outline.
    chosen : str
        How both were chosen.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    least: float = Field(ge=0, le=1)
    near: float = Field(ge=0, le=1)
    chosen: str


class Estimate(BaseModel):
    """How one logit becomes a probability, and when it says nothing.

    Attributes
    ----------
    slope, offset : float
        The probability is ``sigmoid(slope * logit + offset)`` (Platt, 1999).
    unknown : tuple of float
        Between these two probabilities nothing is said.
    chosen : str
        How all of them were chosen.
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
        """Decide; None where it says nothing."""
        low, high = self.unknown
        if probability <= low:
            return False
        return True if probability >= high else None


@dataclass(frozen=True, slots=True)
class Picture:
    """What a picture shows.

    Attributes
    ----------
    kind : PictureKind
        The most likely one.
    is_known : bool
        It is taken for one, as the gate says.
    is_near : bool
        It is one beyond doubt: a picture that is not needs a credible outline to be read.
    population : Population or None
        Whose film it is; None where the picture does not tell.
    is_ap : bool or None
        The film is AP, not PA; None where the picture does not tell.
    probability : float
        That it is a frontal chest radiograph, real or drawn, in [0, 1].
    adult_probability, ap_probability : float
        Calibrated, in [0, 1]; meaningless for a picture that is no chest radiograph.
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
    """Tell what a picture shows.

    Parameters
    ----------
    kind_logits : ndarray of float32, shape (len(PictureKind),)
    adult_logit, ap_logit : float
        Of an adult's film against a child's, and of AP against PA.
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
