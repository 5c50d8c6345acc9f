"""The evidence of a reading: for each finding where it lies, or why none is shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from hilum.findings import Finding
from hilum.imaging import Radiograph
from hilum.models.anatomy import LungField
from hilum.models.card import Card
from hilum.models.decision import Decision
from hilum.models.evidence.maps import evidence_maps
from hilum.models.evidence.place import Heat, Place
from hilum.models.evidence.regions import Region, in_words, regions_under, shares_by_region
from hilum.models.reading import Reading
from hilum.models.screening import Screening


class Reason(StrEnum):
    """Why no evidence is shown."""

    BELOW_OPERATING_POINT = "below_operating_point"
    NO_EVIDENCE_LAYER = "no_evidence_layer"


class Caution(StrEnum):
    """What evidence must not be passed on without."""

    FORCED = "forced"
    OUTSIDE_POPULATION = "outside_population"
    WHOLE_PICTURE = "whole_picture"
    UNCERTAIN = "uncertain"


@dataclass(frozen=True, slots=True, eq=False)
class FindingEvidence:
    """Where the evidence for one finding lies.

    Attributes
    ----------
    finding : Finding
    is_assessed : bool
        See `hilum.models.reading.FindingReading`.
    heat : ndarray of float32, shape (rows, columns)
        On the raster of `place`: log-odds that speak for the finding; zero where none do.
    place : Place
    shares : mapping of Region to float
        Of all evidence, the strongest first; empty where there is none, or no lungs were found.
    peak : tuple of float or None
        Where it is strongest, (x, y) in the radiograph's pixels; None where there is none.
    peak_region : Region or None
    sentence : str
        The strongest regions in words.
    """

    finding: Finding
    is_assessed: bool
    heat: Heat
    place: Place
    shares: Mapping[Region, float]
    peak: tuple[float, float] | None
    peak_region: Region | None
    sentence: str

    @property
    def share_in_chest(self) -> float | None:
        """Share of the evidence in lungs and heart; None where regions have no names."""
        if not self.shares:
            return None
        return sum(share for region, share in self.shares.items() if region is not Region.OUTSIDE)


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """The evidence of one reading.

    Attributes
    ----------
    reason : Reason or None
        Why nothing is shown; None where it is.
    cautions : tuple of Caution
    findings : tuple of FindingEvidence
        The target and then its parts; empty where nothing is shown.
    """

    reason: Reason | None
    cautions: tuple[Caution, ...]
    findings: tuple[FindingEvidence, ...]


def find_evidence(
    reading: Reading,
    card: Card,
    radiograph: Radiograph,
    screening: Screening | None,
    *,
    is_intended: bool | None,
) -> Evidence:
    """Place what a reading rests on.

    Parameters
    ----------
    reading : Reading
    card : Card
        Of the model that read.
    radiograph : Radiograph
        As it was read.
    screening : Screening or None
        None: no regions can be named.
    is_intended : bool or None
        The film is of the people that the model is meant for; None where nothing tells.

    Returns
    -------
    Evidence
        Without findings where the target is below its operating point and the reading is not
        uncertain, or the model does not tell.
    """
    cautions = tuple(_cautions(reading, card, screening, is_intended=is_intended))
    if reading.activation_maps is None or card.evidence is None:
        return Evidence(Reason.NO_EVIDENCE_LAYER, cautions, ())
    if reading.decision is Decision.NEGATIVE:
        return Evidence(Reason.BELOW_OPERATING_POINT, cautions, ())
    place = place_of(card, radiograph, screening)
    regions = None
    if screening is not None and screening.anatomy.lung_field is not None:
        regions = regions_under(
            place, screening.anatomy.organs, are_sides_certain=radiograph.are_sides_certain
        )
    assessed = {each.finding: each.is_assessed for each in reading.findings}
    findings = tuple(
        _placed(finding, place.raster(cells), place, regions, is_assessed=assessed[finding])
        for finding, cells in evidence_maps(reading, card).items()
    )
    return Evidence(None, cautions, findings)


def place_of(card: Card, radiograph: Radiograph, screening: Screening | None) -> Place:
    """Where a model's map lies on a radiograph that it read.

    Parameters
    ----------
    card : Card
        Of a model with an evidence layer.
    radiograph : Radiograph
    screening : Screening or None
    """
    assert card.evidence is not None
    field = screening.anatomy.lung_field if screening else None
    if field is None or card.preprocessing.region == "whole":
        rows, columns = radiograph.rows, radiograph.columns
        field = LungField(0.0, 0.0, float(columns), float(rows), rows, columns)
    return Place(card.evidence, card.preprocessing.input_size_px, field)


def _placed(
    finding: Finding,
    heat: Heat,
    place: Place,
    regions: NDArray[np.uint8] | None,
    *,
    is_assessed: bool,
) -> FindingEvidence:
    peak = region = None
    row, column = np.unravel_index(int(heat.argmax()), heat.shape)
    if heat[row, column] > 0:
        x, y = place.to_radiograph(np.array([column, row], dtype=np.float64))
        peak = (float(x), float(y))
        region = tuple(Region)[regions[row, column]] if regions is not None else None
    shares = shares_by_region(heat, regions) if regions is not None else {}
    sentence = in_words(shares)
    if peak is not None and regions is None:
        sentence = "No lungs were found to say where the evidence lies."
    return FindingEvidence(finding, is_assessed, heat, place, shares, peak, region, sentence)


def _cautions(
    reading: Reading, card: Card, screening: Screening | None, *, is_intended: bool | None
) -> list[Caution]:
    has_field = screening is not None and screening.anatomy.lung_field is not None
    is_forced = screening is not None and not screening.suitability.is_suitable
    # As the verdict has it: what else it says goes before a decision that is uncertain.
    is_told_decision = not is_forced and is_intended is not False and card.is_assessed(card.target)
    told = {
        Caution.FORCED: is_forced,
        Caution.OUTSIDE_POPULATION: is_intended is False,
        Caution.WHOLE_PICTURE: card.preprocessing.region == "lung_field" and not has_field,
        Caution.UNCERTAIN: is_told_decision and reading.decision is Decision.UNCERTAIN,
    }
    return [caution for caution, is_so in told.items() if is_so]
