"""Is a picture one that the models can read: frontal, of a chest, upright, of their people."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from hilum.imaging import Radiograph, View
from hilum.models.anatomy import Anatomy
from hilum.models.card import Card
from hilum.models.header_check import disagreements
from hilum.populations import ADULT_YEARS, Population, counted_age

_MOST_FLAT = 0.6
"""Charts and drawn shapes have more; films without a credible outline far less."""


class ReasonCode(StrEnum):
    """What speaks against a picture, or should be known of it."""

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
    """One thing to know, in words for people.

    Attributes
    ----------
    code : ReasonCode
    words : str
    """

    code: ReasonCode
    words: str


@dataclass(frozen=True, slots=True)
class Suitability:
    """Whether a radiograph is one that the models can read, and why not.

    Attributes
    ----------
    reasons : tuple of Reason
        What speaks against reading it; empty where nothing does.
    notes : tuple of Reason
        What was mended or should be known.
    """

    reasons: tuple[Reason, ...]
    notes: tuple[Reason, ...]

    @property
    def is_suitable(self) -> bool:
        """Nothing speaks against reading it."""
        return not self.reasons


def judge(
    radiograph: Radiograph,
    anatomy: Anatomy,
    *,
    was_inverted: bool = False,
    quarter_turns: int = 0,
) -> Suitability:
    """Judge a picture by its anatomy, its distance to known films, and what its file says.

    What the picture shows decides: headers lie, and most pictures have none.

    Parameters
    ----------
    radiograph : Radiograph
    anatomy : Anatomy
        Of the picture as it is to be read.
    was_inverted : bool
        The picture was turned from bone dark to bone white.
    quarter_turns : int
        How often the picture is turned, where turning it back shows a chest.

    Returns
    -------
    Suitability
    """
    reasons = list(_against(radiograph, anatomy, quarter_turns))
    notes = []
    if was_inverted:
        words = "Bone was dark in the picture: it was inverted before reading."
        notes.append(Reason(ReasonCode.INVERTED, words))
    if anatomy.out_of_distribution.population is Population.DRAWN and not reasons:
        words = "This looks like a drawn test picture, not like a patient's radiograph."
        notes.append(Reason(ReasonCode.DRAWN, words))
    told = disagreements(radiograph, anatomy, was_inverted=was_inverted)
    notes += [Reason(ReasonCode.HEADER, words) for words in told]
    return Suitability(tuple(reasons), tuple(notes))


def _against(radiograph: Radiograph, anatomy: Anatomy, turns: int) -> Sequence[Reason]:
    if radiograph.view is View.LATERAL:
        words = "The header calls this a lateral film; only frontal ones are read."
        if anatomy.out_of_distribution.is_known and anatomy.lung_field is not None:
            words += " The picture looks frontal: correct the header, or force a reading."
        return [Reason(ReasonCode.LATERAL, words)]
    # A turned film is unlike an upright one too: that it is turned is the better reason.
    if turns == 2:
        return [Reason(ReasonCode.UPSIDE_DOWN, "The picture is upside down: turn it upright.")]
    if turns:
        return [Reason(ReasonCode.SIDEWAYS, "The picture lies on its side: turn it upright.")]
    reasons = []
    if not anatomy.out_of_distribution.is_known or _is_near_by_chance(radiograph, anatomy):
        words = "The picture is unlike the frontal chest radiographs that the models know."
        reasons.append(Reason(ReasonCode.UNLIKE_TRAINING, words))
    if anatomy.lung_field is None:
        words = "No two lungs with a heart between them can be made out in this picture."
        reasons.append(Reason(ReasonCode.NOT_A_CHEST, words))
    if reasons and radiograph.was_colour:
        words = "The picture is in colour; radiographs are grey."
        reasons.append(Reason(ReasonCode.COLOUR, words))
    return reasons


def _is_near_by_chance(radiograph: Radiograph, anatomy: Anatomy) -> bool:
    """No outline bears out what the features say, and they say it barely, or the picture is drawn.

    Charts and shapes have flat areas where a radiograph has tissue and noise.
    """
    if anatomy.measures is not None or anatomy.lung_field is None:
        return False
    return not anatomy.out_of_distribution.is_near or _flat_share(radiograph, anatomy) > _MOST_FLAT


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
    """Whether a film is of the people that a model is meant for.

    Attributes
    ----------
    is_intended : bool or None
        None where neither file nor picture tells.
    words : str
    """

    is_intended: bool | None
    words: str


def match_population(radiograph: Radiograph, anatomy: Anatomy, card: Card) -> PopulationMatch:
    """Compare the patient's age, or what the film looks like, with a model's intended population.

    Parameters
    ----------
    radiograph : Radiograph
    anatomy : Anatomy
    card : Card

    Returns
    -------
    PopulationMatch
    """
    if card.intended is None:
        return PopulationMatch(None, card.intended_population)
    years = radiograph.patient_age_years
    if years is not None:
        is_intended = _is_of_age(years, card)
        told = f"the header says {_spoken_age(years)}"
    elif (
        anatomy.out_of_distribution.is_known
        and anatomy.out_of_distribution.population is not Population.DRAWN
    ):
        is_intended = anatomy.out_of_distribution.population is card.intended
        told = f"the film looks like one of {anatomy.out_of_distribution.population.value}"
    else:
        return PopulationMatch(None, "Neither header nor picture tells the patient's age.")
    if is_intended:
        return PopulationMatch(True, f"Within the intended population: {told}.")
    return PopulationMatch(
        False,
        f"Outside the intended population ({card.intended_population}): {told}. "
        "Do not rely on this reading.",
    )


def _is_of_age(years: float, card: Card) -> bool:
    """A card without ages, of before there were any, tells adults from children alone."""
    if card.intended_years is not None:
        return card.intended_years[0] <= years < card.intended_years[1]
    return (Population.ADULTS if years >= ADULT_YEARS else Population.CHILDREN) is card.intended


def _spoken_age(years: float) -> str:
    count, unit = counted_age(years)
    return f"less than {count} months" if unit == "newborn" else f"{count} {unit}"
