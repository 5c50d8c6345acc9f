"""The whole way of one file: decode, look, refuse or read. Service, shell and checks share it."""

import time
from collections.abc import Mapping
from dataclasses import dataclass

from hilum.errors import UnsuitableRadiographError
from hilum.findings import Finding
from hilum.imaging import DecodeLimits, Radiograph, decode
from hilum.isolation import IN_PROCESS, Content, Isolation
from hilum.models.card import Card
from hilum.models.evidence import Evidence, find_evidence
from hilum.models.operating_point import Points
from hilum.models.reader import Reader
from hilum.models.reading import Reading
from hilum.models.screening import Screener, Screening
from hilum.models.suitability import PopulationMatch, match_populations
from hilum.models.suitability_words import coded_reasons
from hilum.models.verdict import Verdict, find_verdicts
from hilum.words.catalogue import load_catalogue


@dataclass(frozen=True, slots=True)
class Steps:
    """Milliseconds: decoding, looking at the anatomy, and all of it."""

    decode_ms: float
    anatomy_ms: float
    total_ms: float


@dataclass(frozen=True, slots=True, eq=False)
class PipelineResult:
    """A file that was read.

    Attributes
    ----------
    radiograph : Radiograph
        As it was read.
    reading : Reading
    screening : Screening or None
        None where there is no anatomy bundle to look with.
    steps : Steps
    populations : mapping of Finding to PopulationMatch
        Whether the film is of the people that each task is meant for.
    evidence : Evidence or None
        None where it was not asked for.
    """

    radiograph: Radiograph
    reading: Reading
    screening: Screening | None
    steps: Steps
    populations: Mapping[Finding, PopulationMatch]
    evidence: Evidence | None = None

    @property
    def population(self) -> PopulationMatch:
        """Of the finding of the headline."""
        return self.populations[self.reading.main]

    @property
    def is_intended(self) -> dict[Finding, bool | None]:
        """Whether the patient is one that each task is meant for; None where nothing tells."""
        return {finding: match.is_intended for finding, match in self.populations.items()}


def read_file(
    content: Content,
    reader: Reader,
    screener: Screener | None,
    *,
    points: Points | None = None,
    is_forced: bool = False,
    may_turn: bool = False,
    with_evidence: bool = False,
    limits: DecodeLimits | None = None,
    isolation: Isolation = IN_PROCESS,
) -> PipelineResult:
    """Read one file.

    Parameters
    ----------
    content : bytes or FileContent
    reader : Reader
    screener : Screener or None
        Needed by a model that reads the lung field.
    points : mapping of Finding to OperatingPoint, optional
        To decide at; the card's own where none is given.
    is_forced : bool
        Read what is not suitable, too.
    may_turn : bool
        Turn a film upright that lies on its side or upside down, and read it. It is never
        mirrored.
    with_evidence : bool
        Find where the evidence lies, too.
    limits : DecodeLimits, optional
    isolation : Isolation
        Where the file is decoded.

    Returns
    -------
    PipelineResult

    Raises
    ------
    ImageError
        The file is no usable radiograph.
    UnsuitableRadiographError
        It is none that the models can be trusted on, and reading was not forced.
    """
    started = time.perf_counter()
    looking = (reader, screener.anatomy_reader) if screener else (reader,)
    radiograph = isolation.call(
        decode,
        content,
        limits=limits,
        smallest_side_px=max(each.smallest_side_px for each in looking),
    )
    decoded = time.perf_counter()
    screening = screener.screen(radiograph, may_turn=may_turn) if screener else None
    screened = time.perf_counter()
    field = None
    if screening:
        if not screening.suitability.is_suitable and not is_forced:
            raise UnsuitableRadiographError(coded_reasons(screening.suitability, load_catalogue()))
        radiograph, field = screening.radiograph, screening.anatomy.lung_field
    reading = reader.read(radiograph, field, points)
    anatomy = screening.anatomy if screening else None
    populations = match_populations(radiograph, anatomy, reader.card)
    evidence = None
    if with_evidence:
        is_intended = {finding: match.is_intended for finding, match in populations.items()}
        evidence = find_evidence(
            reading, reader.card, radiograph, screening, is_intended=is_intended
        )
    times = (decoded - started, screened - decoded, time.perf_counter() - started)
    steps = Steps(*(1000 * seconds for seconds in times))
    return PipelineResult(radiograph, reading, screening, steps, populations, evidence)


def result_verdicts(result: PipelineResult, card: Card) -> tuple[Verdict, ...]:
    """The verdicts of a file that was read; see `hilum.models.verdict.find_verdicts`.

    Parameters
    ----------
    result : PipelineResult
    card : Card
        Of the model that read.

    Returns
    -------
    tuple of Verdict
    """
    screening = result.screening
    return find_verdicts(
        {each.finding: each.probability for each in result.reading.findings},
        card,
        {each.finding: each.operating_point for each in result.reading.decisions},
        is_forced=screening is not None and not screening.suitability.is_suitable,
        is_intended=result.is_intended,
    )
