"""Figures of a reading that outputs may state."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hilum.imaging import SideDoubt
from hilum.imaging.film_warning import FilmWarning
from hilum.imaging.orientation import UPRIGHT
from hilum.models import PipelineResult
from hilum.models.anatomy.measures import Line
from hilum.models.anatomy.quality import QualityNote
from hilum.models.anatomy.ratio import RatioValidity, ratio_validity
from hilum.models.evidence import Reason as NoEvidence
from hilum.models.evidence import Region
from hilum.models.measured import Interval
from hilum.models.pipeline import ModelReading
from hilum.models.selection import Selection
from hilum.models.suitability import PopulationMatch, Reason
from hilum.models.verdict import Verdict, leading

if TYPE_CHECKING:
    # What it imports, pydicom among it, is not for serving's start.
    from hilum.reporting.source import Source


@dataclass(frozen=True, slots=True)
class Ratio:
    """The cardiothoracic ratio, and whether it may be used.

    Attributes
    ----------
    heart, thorax : Line
        In the radiograph's pixels.
    heart_mm, thorax_mm : float or None
    """

    value: float
    heart: Line
    thorax: Line
    heart_mm: float | None
    thorax_mm: float | None
    validity: RatioValidity


@dataclass(frozen=True, slots=True)
class Model:
    """Model that made the reading."""

    name: str
    title: str
    version: str
    sha256: str
    intended_population: str
    limits: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TaskFacts:
    """Facts about one decision.

    Attributes
    ----------
    auroc : Interval or None
        Of the finding, on test patients.
    parts_auroc : Interval or None
        AUROC between its parts, on test patients.
    regions : tuple of (Region, float)
        Shares of all evidence for the finding, the strongest first.
    """

    verdict: Verdict
    auroc: Interval | None
    parts_auroc: Interval | None
    population: PopulationMatch
    regions: tuple[tuple[Region, float], ...]
    is_evidence_shown: bool


@dataclass(frozen=True, slots=True)
class ReadingFacts:
    """Figures of one model's reading.

    Attributes
    ----------
    tasks : tuple of TaskFacts
        One for each decision, the leading one first; see `hilum.models.verdict.leading`.
    no_evidence : Reason or None
        Why no evidence is shown; None where it is.
    is_whole_picture : bool
        No lungs were found, so that the whole picture was read.
    is_main : bool
        It is the main reading.
    """

    model: Model
    tasks: tuple[TaskFacts, ...]
    no_evidence: NoEvidence | None
    is_whole_picture: bool
    is_main: bool = True

    @property
    def by(self) -> str:
        """Suffix of names in outputs that distinguishes the models."""
        return "" if self.is_main else f" by {self.model.name} {self.model.version}"


@dataclass(frozen=True, slots=True)
class Facts:
    """The readings of a film in figures.

    Attributes
    ----------
    readings : tuple of ReadingFacts
        One for each model, the main one first.
    forced : tuple of Reason
        Why the image failed the suitability check; empty where it passed.
    ratio : Ratio or None
        None where it was not measured.
    side_doubts : tuple of SideDoubt
        Why left and right are not certain; empty where they are.
    turned_degrees : int
        How far the picture was turned clockwise before reading, because it was asked for.
    is_displayed_as_stored : bool
        The file's picture was neither mirrored nor turned to be displayed.
    warnings : tuple of FilmWarning
        What a reader of the picture should know, as the radiograph has it.
    header_left_out : tuple of str
        Keywords of the header's elements that results leave out, because they are not valid.
    invalid_uids : tuple of str
        Keywords of the header's UIDs that results have unchanged though they are not valid.
    selection : Selection or None
        Selection of the models by the patient's age; None if they were named.
    """

    readings: tuple[ReadingFacts, ...]
    forced: tuple[Reason, ...]
    notes: tuple[Reason, ...]
    ratio: Ratio | None
    quality: tuple[QualityNote, ...]
    side_doubts: tuple[SideDoubt, ...] = ()
    turned_degrees: int = 0
    is_displayed_as_stored: bool = True
    warnings: tuple[FilmWarning, ...] = ()
    header_left_out: tuple[str, ...] = ()
    invalid_uids: tuple[str, ...] = ()
    selection: Selection | None = None

    @property
    def main(self) -> Verdict:
        """The leading verdict of the main model."""
        return self.main_task.verdict

    @property
    def main_task(self) -> TaskFacts:
        """Facts about the leading decision of the main model."""
        return self.readings[0].tasks[0]

    @property
    def model(self) -> Model:
        """The main model."""
        return self.readings[0].model

    @property
    def is_whole_picture(self) -> bool:
        """No lungs were found, so that a model read the whole picture."""
        return any(reading.is_whole_picture for reading in self.readings)


def gather(result: PipelineResult, source: "Source") -> Facts:
    """Gather the figures of a film's readings.

    Parameters
    ----------
    source : Source
        Of the file that was read.
    """
    screening, radiograph = result.screening, result.radiograph
    has_field = screening is not None and screening.anatomy.lung_field is not None
    return Facts(
        readings=tuple(
            _of_reading(each, has_field=has_field, is_main=each is result.main)
            for each in result.readings
        ),
        forced=screening.suitability.reasons if screening else (),
        notes=screening.suitability.notes if screening else (),
        ratio=_ratio(result),
        quality=screening.anatomy.notes if screening else (),
        warnings=radiograph.warnings,
        header_left_out=source.left_out,
        invalid_uids=source.invalid_uids,
        side_doubts=radiograph.side_doubts,
        turned_degrees=radiograph.turned_degrees,
        is_displayed_as_stored=radiograph.orientation == UPRIGHT,
        selection=result.selection,
    )


def _of_reading(made: ModelReading, *, has_field: bool, is_main: bool) -> ReadingFacts:
    reading, card, evidence = made.reading, made.card, made.evidence
    return ReadingFacts(
        model=Model(
            name=reading.model_name,
            title=card.title,
            version=reading.model_version,
            sha256=reading.model_sha256,
            intended_population=card.intended_population,
            limits=card.limits,
        ),
        tasks=tuple(_of_task(verdict, made) for verdict in _leading_first(made.verdicts)),
        no_evidence=evidence.reason if evidence else NoEvidence.NO_EVIDENCE_LAYER,
        is_whole_picture=card.preprocessing.region == "lung_field" and not has_field,
        is_main=is_main,
    )


def _leading_first(verdicts: tuple[Verdict, ...]) -> list[Verdict]:
    first = leading(verdicts)
    return [first, *(each for each in verdicts if each is not first)]


def _of_task(verdict: Verdict, made: ModelReading) -> TaskFacts:
    task, evidence = made.card.task(verdict.finding), made.evidence
    metrics = task.metrics.get(task.assessment.split)
    findings = evidence.findings if evidence else ()
    placed = next((each for each in findings if each.finding is verdict.finding), None)
    return TaskFacts(
        verdict=verdict,
        auroc=metrics.auroc if metrics else None,
        parts_auroc=metrics.parts_auroc if metrics else None,
        population=made.populations[verdict.finding],
        regions=tuple(placed.shares.items()) if placed else (),
        is_evidence_shown=placed is not None,
    )


def _ratio(result: PipelineResult) -> Ratio | None:
    screening = result.screening
    if screening is None or screening.anatomy.measures is None:
        return None
    found = screening.anatomy.measures.ratio
    return Ratio(
        value=found.value,
        heart=found.heart,
        thorax=found.thorax,
        heart_mm=found.heart_mm,
        thorax_mm=found.thorax_mm,
        validity=ratio_validity(result.radiograph, screening.anatomy),
    )
