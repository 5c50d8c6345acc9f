"""Input of all outputs: a reading, its figures as text, and the film to show."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from uuid import NAMESPACE_OID, UUID, uuid5

import numpy as np

from hilum.imaging import DecodeLimits, Radiograph, decode
from hilum.isolation import IN_PROCESS, Isolation
from hilum.models import PipelineResult
from hilum.models.suitability import ReasonCode
from hilum.reporting.facts import Facts, gather
from hilum.reporting.source import Source, read_source
from hilum.reporting.words import Words, describe
from hilum.words.catalogue import Catalogue, load_catalogue

_SHOWN_SIDE_PX = 1024


@dataclass(frozen=True, eq=False)
class Report:
    """A reading, ready to be put into any form.

    Attributes
    ----------
    result : PipelineResult
        With its evidence.
    film : Radiograph
        As it was read, with pixels enough to be shown.
    content : bytes
        The file, as received.
    created : datetime
        With its time zone.
    isolation : Isolation
        Where `content` is parsed.
    """

    result: PipelineResult
    film: Radiograph
    content: bytes
    facts: Facts
    catalogue: Catalogue
    words: Words
    created: datetime
    isolation: Isolation = IN_PROCESS

    @cached_property
    def source(self) -> Source:
        """The header of `content`, parsed once for all forms."""
        return read_source(self.content, self.film, self.isolation)

    def uuid(self, name: str) -> UUID:
        """An identifier for a part of this report: the same for the same report, made again.

        Parameters
        ----------
        name : str
            Of the part.
        """
        facts = self.facts
        made_of = (
            self.film.sha256,
            *(
                each
                for reading in facts.readings
                for each in (
                    reading.model.sha256,
                    *(f"{task.verdict.point.threshold!r}" for task in reading.tasks),
                )
            ),
            self.catalogue.language,
            self.created.isoformat(),
            name,
        )
        return uuid5(NAMESPACE_OID, "\n".join(made_of))


def prepare(
    result: PipelineResult,
    content: bytes,
    *,
    created: datetime | None = None,
    language: str = "en",
    limits: DecodeLimits | None = None,
    isolation: Isolation = IN_PROCESS,
) -> Report:
    """Prepare a reading for its outputs.

    Parameters
    ----------
    result : PipelineResult
        Of `content`, with its evidence (``read_file(..., with_evidence=True)``).
    content : bytes
        The file that was read.
    created : datetime, optional
        Default: now. The same moment gives the same bytes.
    language : str
        Of the words; see `hilum.words.catalogue.languages`.
    limits : DecodeLimits, optional
    isolation : Isolation
        Where the file is parsed and decoded.

    Raises
    ------
    ReportError
        There are no words in this language.
    """
    catalogue = load_catalogue(language)
    facts = gather(result, read_source(content, result.radiograph, isolation))
    return Report(
        result=result,
        film=_film(result.radiograph, content, facts, limits, isolation),
        content=content,
        facts=facts,
        catalogue=catalogue,
        words=describe(facts, catalogue),
        created=(created or datetime.now()).astimezone(),  # noqa: DTZ005 - astimezone adds ours
        isolation=isolation,
    )


def _film(
    read: Radiograph,
    content: bytes,
    facts: Facts,
    limits: DecodeLimits | None,
    isolation: Isolation,
) -> Radiograph:
    """The radiograph as read; decoded again if it was decoded at reduced size."""
    if min(read.pixels.shape) >= min(_SHOWN_SIDE_PX, read.rows, read.columns):
        return read
    decoded = isolation.call(decode, content, limits=limits, smallest_side_px=_SHOWN_SIDE_PX)
    turn = decoded.orientation.inverse.then(read.orientation)
    pixels = decoded.displayed(turn).pixels
    if any(note.code is ReasonCode.INVERTED for note in facts.notes):
        pixels = np.float32(1) - pixels
    return replace(read, pixels=pixels)
