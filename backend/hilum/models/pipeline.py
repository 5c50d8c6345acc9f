"""Pipeline of one file: decode, screen, refuse or read. Shared by service, shell and checks."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from hilum.errors import UnsuitableRadiographError
from hilum.findings import Finding
from hilum.imaging import DecodeLimits, Radiograph, decode
from hilum.isolation import IN_PROCESS, Content, Isolation
from hilum.models.card import Card
from hilum.models.evidence import Evidence, find_evidence
from hilum.models.in_progress import READINGS
from hilum.models.reading import Reading
from hilum.models.reading_models import ReadingModels
from hilum.models.screening import Screening
from hilum.models.selection import Selection
from hilum.models.suitability import PopulationMatch, match_populations
from hilum.models.suitability_words import coded_reasons
from hilum.models.verdict import Verdict, find_verdicts, leading
from hilum.words.catalogue import load_catalogue


@dataclass(frozen=True, slots=True)
class Steps:
    """Milliseconds for decoding, for the anatomy, and in total."""

    decode_ms: float
    anatomy_ms: float
    total_ms: float


@dataclass(frozen=True, slots=True, eq=False)
class ModelReading:
    """Reading of a film by one model, with verdicts and evidence.

    Attributes
    ----------
    card : Card
        Of the model.
    verdicts : tuple of Verdict
        One for each decision, the main one first.
    populations : mapping of Finding to PopulationMatch
        Whether the patient belongs to the intended population of each task.
    evidence : Evidence or None
        None if it was not requested.
    """

    card: Card
    reading: Reading
    verdicts: tuple[Verdict, ...]
    populations: Mapping[Finding, PopulationMatch]
    evidence: Evidence | None = None

    @classmethod
    def of(
        cls,
        reading: Reading,
        card: Card,
        radiograph: Radiograph,
        screening: Screening | None,
        *,
        with_evidence: bool,
    ) -> Self:
        """Find verdicts, populations and evidence of a reading.

        Parameters
        ----------
        reading : Reading
            Of `radiograph`.
        screening : Screening or None
        """
        anatomy = screening.anatomy if screening else None
        populations = match_populations(radiograph, anatomy, card)
        is_intended = {finding: match.is_intended for finding, match in populations.items()}
        evidence = None
        if with_evidence:
            evidence = find_evidence(reading, card, radiograph, screening, is_intended=is_intended)
        verdicts = find_verdicts(
            {each.finding: each.probability for each in reading.findings},
            card,
            {each.finding: each.operating_point for each in reading.decisions},
            is_forced=screening is not None and not screening.suitability.is_suitable,
            is_intended=is_intended,
        )
        if evidence is not None:
            evidence = evidence.with_first(leading(verdicts).finding)
        return cls(card, reading, verdicts, populations, evidence)

    @property
    def population(self) -> PopulationMatch:
        """Population match of the main finding."""
        return self.populations[self.reading.main]


@dataclass(frozen=True, slots=True, eq=False)
class PipelineResult:
    """A file that was read.

    Attributes
    ----------
    radiograph : Radiograph
        As it was read.
    readings : tuple of ModelReading
        One for each model, the main one first.
    screening : Screening or None
        None if there is no anatomy bundle.
    selection : Selection or None
        Selection of the models by the patient's age; None if they were named.
    """

    radiograph: Radiograph
    readings: tuple[ModelReading, ...]
    screening: Screening | None
    steps: Steps
    selection: Selection | None = None

    @property
    def main(self) -> ModelReading:
        """Reading of the main model."""
        return self.readings[0]

    @property
    def reading(self) -> Reading:
        """The main model's reading."""
        return self.main.reading


@READINGS.counted()
def read_file(
    content: Content,
    models: ReadingModels,
    *,
    is_forced: bool = False,
    may_turn: bool = False,
    with_evidence: bool = False,
    language: str = "en",
    limits: DecodeLimits | None = None,
    isolation: Isolation = IN_PROCESS,
) -> PipelineResult:
    """Read one file.

    Parameters
    ----------
    content : bytes or FileContent
    is_forced : bool
        Also read pictures that fail the suitability check.
    may_turn : bool
        Turn a film upright that lies on its side or upside down, and read it. It is never
        mirrored.
    with_evidence : bool
        Also locate the evidence.
    language : str
        Of the reasons in `UnsuitableRadiographError`.
    limits : DecodeLimits, optional
    isolation : Isolation
        Where the file is decoded.

    Raises
    ------
    ImageError
        The file is no usable radiograph.
    UnsuitableRadiographError
        It is none that the models can be trusted on, and reading was not forced.
    """
    started = time.perf_counter()
    screener = models.screener
    sides = [reader.smallest_side_px for reader, _ in models.models]
    if screener:
        sides.append(screener.anatomy_reader.smallest_side_px)
    radiograph = isolation.call(
        decode,
        content,
        limits=limits,
        smallest_side_px=max(sides),
    )
    decoded = time.perf_counter()
    screening = screener.screen(radiograph, may_turn=may_turn) if screener else None
    screened = time.perf_counter()
    field = None
    if screening:
        if not screening.suitability.is_suitable and not is_forced:
            words = load_catalogue(language)
            raise UnsuitableRadiographError(coded_reasons(screening.suitability, words))
        radiograph, field = screening.radiograph, screening.anatomy.lung_field
    chosen, selection = models.for_film(radiograph, screening.anatomy if screening else None)
    readings = tuple(
        ModelReading.of(
            reader.read(radiograph, field, points),
            reader.card,
            radiograph,
            screening,
            with_evidence=with_evidence,
        )
        for reader, points in chosen
    )
    times = (decoded - started, screened - decoded, time.perf_counter() - started)
    steps = Steps(*(1000 * seconds for seconds in times))
    return PipelineResult(radiograph, readings, screening, steps, selection)
