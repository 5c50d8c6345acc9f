"""Evidence of a reading: its location for each finding, or the reason why none is shown."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from hilum.findings import Finding
from hilum.imaging import Radiograph
from hilum.models.anatomy import LungField
from hilum.models.card import Card, EvidenceLayer
from hilum.models.decision import Decision
from hilum.models.evidence.maps import evidence_maps
from hilum.models.evidence.place import Heat, Place
from hilum.models.evidence.regions import (
    Region,
    is_one_sided,
    regions_under,
    shares_by_region,
    without_sides,
)
from hilum.models.reading import Reading
from hilum.models.screening import Screening
from hilum.models.task import Task


class Reason(StrEnum):
    """Reason why no evidence is shown."""

    BELOW_OPERATING_POINT = "below_operating_point"
    NO_EVIDENCE_LAYER = "no_evidence_layer"


class Caution(StrEnum):
    """Caution to show together with evidence."""

    FORCED = "forced"
    OUTSIDE_POPULATION = "outside_population"
    WHOLE_PICTURE = "whole_picture"
    UNCERTAIN = "uncertain"


@dataclass(frozen=True, slots=True, eq=False)
class FindingEvidence:
    """Evidence for one finding and its location.

    Attributes
    ----------
    task : Finding
        Finding that the model decides on: this one, or the one it is a part of.
    is_assessed : bool
        See `hilum.models.reading.FindingReading`.
    heat : ndarray of float32, shape (rows, columns)
        On the raster of `place`: log-odds that speak for the finding; zero where none do.
    shares : mapping of Region to float
        Shares of all evidence, the strongest first; empty if there is none, or no lungs were found.
        Zones have a side only where it is certain which lung is which, and the evidence lies in
        one lung (`hilum.models.evidence.regions.is_one_sided`); never of a part.
    peak : tuple of float or None
        Point of the strongest evidence, (x, y) in the radiograph's pixels; None if there is none.
    peak_region : Region or None
    """

    finding: Finding
    task: Finding
    is_assessed: bool
    heat: Heat
    place: Place
    shares: Mapping[Region, float]
    peak: tuple[float, float] | None
    peak_region: Region | None
    cautions: tuple[Caution, ...]

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
        Of the main decision and of all that is shown.
    findings : tuple of FindingEvidence
        Of each task that is not negative its finding and then its parts; empty where nothing is
        shown.
    """

    reason: Reason | None
    cautions: tuple[Caution, ...]
    findings: tuple[FindingEvidence, ...]

    def with_first(self, task: Finding) -> "Evidence":
        """The same with the evidence of one task first."""
        ordered = sorted(self.findings, key=lambda each: each.task is not task)
        return replace(self, findings=tuple(ordered))


def find_evidence(
    reading: Reading,
    card: Card,
    radiograph: Radiograph,
    screening: Screening | None,
    *,
    is_intended: Mapping[Finding, bool | None],
) -> Evidence:
    """Locate the evidence of a reading.

    Parameters
    ----------
    card : Card
        Of the model that read.
    radiograph : Radiograph
        As it was read.
    screening : Screening or None
        None: no regions can be named.
    is_intended : mapping of Finding to bool or None
        By task: the patient belongs to the intended population; None if unknown.

    Returns
    -------
    Evidence
        Without findings if all decisions are negative, or the model cannot show evidence.
    """
    tasks = card.tasks_in_order
    cautions = {
        task.finding: tuple(_cautions(reading, card, task, screening, is_intended=is_intended))
        for task in tasks
    }
    shown = [
        task
        for task in tasks
        if reading.decision_on(task.finding).decision is not Decision.NEGATIVE
    ]
    found = {caution for task in (tasks[0], *shown) for caution in cautions[task.finding]}
    of_all = tuple(caution for caution in Caution if caution in found)
    if reading.activation_maps is None or not isinstance(card.evidence, EvidenceLayer):
        return Evidence(Reason.NO_EVIDENCE_LAYER, of_all, ())
    if not shown:
        return Evidence(Reason.BELOW_OPERATING_POINT, of_all, ())
    place = place_of(card, radiograph, screening)
    regions = None
    if screening is not None and screening.anatomy.lung_field is not None:
        regions = regions_under(place, screening.anatomy.organs)
    findings = tuple(
        _placed(
            finding,
            task,
            place.raster(cells),
            place,
            regions,
            cautions[task.finding],
            are_sides_certain=radiograph.are_sides_certain,
        )
        for task in shown
        for finding, cells in evidence_maps(reading, card, task).items()
    )
    return Evidence(None, of_all, findings)


def place_of(card: Card, radiograph: Radiograph, screening: Screening | None) -> Place:
    """Place of a model's map on a radiograph that it read.

    Parameters
    ----------
    card : Card
        Of a model with an evidence layer.
    screening : Screening or None
    """
    assert isinstance(card.evidence, EvidenceLayer)
    field = screening.anatomy.lung_field if screening else None
    if field is None or card.preprocessing.region == "whole":
        rows, columns = radiograph.rows, radiograph.columns
        field = LungField(0.0, 0.0, float(columns), float(rows), rows, columns)
    return Place(card.evidence, card.preprocessing.input_size_px, field)


def _placed(
    finding: Finding,
    task: Task,
    heat: Heat,
    place: Place,
    regions: NDArray[np.uint8] | None,
    cautions: tuple[Caution, ...],
    *,
    are_sides_certain: bool,
) -> FindingEvidence:
    peak = region = None
    row, column = np.unravel_index(int(heat.argmax()), heat.shape)
    if heat[row, column] > 0:
        x, y = place.to_radiograph(np.array([column, row], dtype=np.float64))
        peak = (float(x), float(y))
        region = tuple(Region)[regions[row, column]] if regions is not None else None
    shares = shares_by_region(heat, regions) if regions is not None else {}
    # What speaks for a part lies where its siblings have less: this tells no side of the disease.
    may_have_side = are_sides_certain and finding is task.finding
    if not (may_have_side and is_one_sided(shares, region)):
        shares, region = without_sides(shares), region and region.without_side
    return FindingEvidence(
        finding=finding,
        task=task.finding,
        is_assessed=task.is_assessed(finding),
        heat=heat,
        place=place,
        shares=shares,
        peak=peak,
        peak_region=region,
        cautions=cautions,
    )


def _cautions(
    reading: Reading,
    card: Card,
    task: Task,
    screening: Screening | None,
    *,
    is_intended: Mapping[Finding, bool | None],
) -> list[Caution]:
    has_field = screening is not None and screening.anatomy.lung_field is not None
    is_forced = screening is not None and not screening.suitability.is_suitable
    is_outside = is_intended.get(task.finding) is False
    # As in the verdict, where the other codes take precedence over an uncertain decision.
    is_told_decision = not is_forced and not is_outside and task.is_assessed(task.finding)
    is_uncertain = reading.decision_on(task.finding).decision is Decision.UNCERTAIN
    applies = {
        Caution.FORCED: is_forced,
        Caution.OUTSIDE_POPULATION: is_outside,
        Caution.WHOLE_PICTURE: card.preprocessing.region == "lung_field" and not has_field,
        Caution.UNCERTAIN: is_told_decision and is_uncertain,
    }
    return [caution for caution, is_so in applies.items() if is_so]
