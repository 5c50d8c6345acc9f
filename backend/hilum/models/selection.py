"""Selection of the models for a film by the patient's age."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from hilum.imaging import Radiograph
from hilum.models.anatomy import Anatomy
from hilum.models.card import Card
from hilum.populations import ADULT_YEARS, Population


class SelectionReason(StrEnum):
    """Why a film is read by the selected models."""

    AGE = "age"
    """By the age in the header."""

    LOOK = "look"
    """By the age group that the image shows."""

    UNKNOWN = "unknown"
    """All models, because neither shows the age."""

    NOT_MEANT = "not_meant"
    """All models, because none is meant for the patient's age group."""


@dataclass(frozen=True, slots=True, eq=False)
class Selection:
    """Models that were selected for a film, and why.

    Attributes
    ----------
    cards : tuple of Card
        Of the models, the main one first.
    population : Population or None
        Age group of the patient; None if it is unknown.
    age_years : float or None
        Age in the header, if it has one.
    """

    cards: tuple[Card, ...]
    reason: SelectionReason
    population: Population | None
    age_years: float | None


def select(cards: Sequence[Card], radiograph: Radiograph, anatomy: Anatomy | None) -> Selection:
    """Select the models that are meant for a film's patient.

    A model is meant for the population of its main finding, at any of its ages, or for everyone if
    the card names none. If the population is unknown, all models are selected, those for the more
    probable one first.

    Parameters
    ----------
    cards : sequence of Card
        Of the models to select from.
    """
    years, population = radiograph.patient_age_years, _population_of(radiograph, anatomy)
    if population is None:
        likely = _likely(anatomy)
        by_likelihood = sorted(
            cards, key=lambda card: likely is None or not _is_meant(card, likely)
        )
        return Selection(tuple(by_likelihood), SelectionReason.UNKNOWN, None, years)
    meant = tuple(card for card in cards if _is_meant(card, population))
    if not meant:
        return Selection(tuple(cards), SelectionReason.NOT_MEANT, population, years)
    reason = SelectionReason.LOOK if years is None else SelectionReason.AGE
    return Selection(meant, reason, population, years)


def _population_of(radiograph: Radiograph, anatomy: Anatomy | None) -> Population | None:
    """Children, below 18 years, or adults; None if neither header nor image shows it."""
    years = radiograph.patient_age_years
    if years is not None:
        return Population.ADULTS if years >= ADULT_YEARS else Population.CHILDREN
    if anatomy is None or not anatomy.picture.is_known:
        return None
    shown = anatomy.picture.population
    return None if shown is Population.DRAWN else shown


def _likely(anatomy: Anatomy | None) -> Population | None:
    if anatomy is None or not anatomy.picture.is_known or anatomy.picture.population is not None:
        return None
    is_adult = anatomy.picture.adult_probability >= 0.5
    return Population.ADULTS if is_adult else Population.CHILDREN


def _is_meant(card: Card, population: Population) -> bool:
    intended = card.main_task.intended
    return intended is None or intended.population is population
