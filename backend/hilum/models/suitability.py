"""Suitability check: an upright frontal chest radiograph of the intended population."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from hilum.findings import Finding
from hilum.imaging import Radiograph, View
from hilum.models.anatomy import Anatomy
from hilum.models.anatomy.picture import PictureKind
from hilum.models.card import Card
from hilum.models.header_check import disagreements
from hilum.models.task import IntendedPatients
from hilum.populations import ADULT_YEARS, Population

_MOST_FLAT = 0.6
"""Charts and drawn shapes have more; films without a credible outline far less."""


class ReasonCode(StrEnum):
    """Code of a reason against reading an image, or of a note on it."""

    NOT_A_CHEST = "not_a_chest"
    UNLIKE_TRAINING = "unlike_training"
    SIDEWAYS = "sideways"
    UPSIDE_DOWN = "upside_down"
    LATERAL = "lateral"
    COLOUR = "colour"
    INVERTED = "inverted"
    DRAWN = "drawn"
    HEADER = "header"


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason against reading an image, or a note on it.

    Attributes
    ----------
    name : str
        Name of its text in the catalogue, below ``reason``.
    """

    code: ReasonCode
    name: str


@dataclass(frozen=True, slots=True)
class Suitability:
    """Whether a radiograph is one that the models can read, and why not.

    Attributes
    ----------
    reasons : tuple of Reason
        Reasons against reading it; empty if there are none.
    notes : tuple of Reason
        Corrections of the image and other remarks.
    """

    reasons: tuple[Reason, ...]
    notes: tuple[Reason, ...]

    @property
    def is_suitable(self) -> bool:
        """There is no reason against reading it."""
        return not self.reasons


def judge(
    radiograph: Radiograph,
    anatomy: Anatomy,
    *,
    was_inverted: bool = False,
    quarter_turns: int = 0,
) -> Suitability:
    """Judge an image by its anatomy, its content and its file.

    The image decides, because headers may be wrong and most images have none.

    Parameters
    ----------
    anatomy : Anatomy
        Anatomy of the image as it will be read.
    was_inverted : bool
        The image was inverted, so that bone is white.
    quarter_turns : int
        Quarter turns of the image from upright, if a chest is found after turning it back.
    """
    reasons = list(_against(radiograph, anatomy, quarter_turns))
    notes = []
    if was_inverted:
        notes.append(_reason(ReasonCode.INVERTED))
    if anatomy.picture.population is Population.DRAWN and not reasons:
        notes.append(_reason(ReasonCode.DRAWN))
    found = disagreements(radiograph, anatomy, was_inverted=was_inverted)
    notes += [Reason(ReasonCode.HEADER, f"header_{each.value}") for each in found]
    return Suitability(tuple(reasons), tuple(notes))


def _against(radiograph: Radiograph, anatomy: Anatomy, turns: int) -> Sequence[Reason]:
    if radiograph.view is View.LATERAL:
        if anatomy.picture.is_known and anatomy.lung_field is not None:
            return [Reason(ReasonCode.LATERAL, "lateral_looks_frontal")]
        return [_reason(ReasonCode.LATERAL)]
    # A turned film is unlike an upright one too: that it is turned is the better reason.
    if turns == 2:
        return [_reason(ReasonCode.UPSIDE_DOWN)]
    if turns:
        return [_reason(ReasonCode.SIDEWAYS)]
    reasons = []
    if not anatomy.picture.is_known:
        reasons.append(_shows(anatomy.picture.kind))
    elif _is_near_by_chance(radiograph, anatomy):
        reasons.append(_reason(ReasonCode.UNLIKE_TRAINING))
    if anatomy.lung_field is None:
        reasons.append(_reason(ReasonCode.NOT_A_CHEST))
    if reasons and radiograph.was_colour:
        reasons.append(_reason(ReasonCode.COLOUR))
    return reasons


def _reason(code: ReasonCode) -> Reason:
    return Reason(code, code.value)


def _shows(kind: PictureKind) -> Reason:
    is_lateral = kind is PictureKind.LATERAL_CHEST
    if kind is PictureKind.OTHER:
        return _reason(ReasonCode.UNLIKE_TRAINING)
    code = ReasonCode.LATERAL if is_lateral else ReasonCode.UNLIKE_TRAINING
    return Reason(code, f"shows_{kind.value}")


def _is_near_by_chance(radiograph: Radiograph, anatomy: Anatomy) -> bool:
    """No credible outline, and the probability is near the limit or the picture looks drawn.

    Charts and shapes have flat areas where a radiograph has tissue and noise.
    """
    if anatomy.measures is not None or anatomy.lung_field is None:
        return False
    return not anatomy.picture.is_near or _flat_share(radiograph, anatomy) > _MOST_FLAT


def _flat_share(radiograph: Radiograph, anatomy: Anatomy) -> float:
    """Share of lungs and heart that is of their most frequent grey, of 256."""
    inside = np.logical_or.reduce(list(anatomy.organs.masks.values()))
    rows, columns = (
        (np.arange(side) * (count / side)).astype(int)
        for side, count in zip(inside.shape, radiograph.pixels.shape, strict=True)
    )
    greys = (255 * radiograph.pixels[np.ix_(rows, columns)][inside]).astype(np.uint8)
    return float(np.bincount(greys).max() / len(greys)) if len(greys) else 0.0


@dataclass(frozen=True, slots=True)
class PopulationMatch:
    """Whether the patient belongs to the intended population of a model.

    Attributes
    ----------
    is_intended : bool or None
        None if neither file nor picture determines it.
    intended_population : str
        Intended population, as the card states it.
    age_years : float or None
        Age in the header, if it has one; otherwise the picture is used.
    """

    is_intended: bool | None
    intended_population: str
    age_years: float | None = None


def match_populations(
    radiograph: Radiograph, anatomy: Anatomy | None, card: Card
) -> dict[Finding, PopulationMatch]:
    """Compare the patient's age, or the look of the film, with the tasks' populations.

    Parameters
    ----------
    anatomy : Anatomy or None
        None if the picture was not screened.

    Returns
    -------
    dict of Finding to PopulationMatch
        By the findings of the tasks.
    """
    return {
        task.finding: _match(radiograph, anatomy, task.intended, card.intended_population)
        for task in card.tasks
    }


def _match(
    radiograph: Radiograph,
    anatomy: Anatomy | None,
    intended: IntendedPatients | None,
    population: str,
) -> PopulationMatch:
    if intended is None or anatomy is None:
        return PopulationMatch(None, population)
    years, shown = radiograph.patient_age_years, anatomy.picture
    if years is not None:
        return PopulationMatch(_is_of_age(years, intended), population, years)
    if shown.is_known and shown.population in (Population.CHILDREN, Population.ADULTS):
        return PopulationMatch(shown.population is intended.population, population)
    return PopulationMatch(None, population)


def _is_of_age(years: float, intended: IntendedPatients) -> bool:
    if intended.years is not None:
        return intended.years[0] <= years < intended.years[1]
    of = Population.ADULTS if years >= ADULT_YEARS else Population.CHILDREN
    return of is intended.population
