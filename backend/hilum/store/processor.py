"""Processor: reads received objects, and makes the forms to store and to send."""

import logging
import traceback
from collections.abc import Sequence
from dataclasses import dataclass, replace

from hilum.deidentification.deidentify import deidentify
from hilum.deidentification.profile import Profile
from hilum.deidentification.retain import RetainOption
from hilum.errors import ImageError, UnsuitableRadiographError
from hilum.imaging import DecodeLimits, ImageFormat
from hilum.isolation import Isolation
from hilum.models import Registry, read_file
from hilum.models.reading_models import ReadingModels
from hilum.reporting.forms import DICOM_FORMATS, Format
from hilum.reporting.outputs import applicable, make_each
from hilum.reporting.report import Report, prepare
from hilum.store.faults import environment_fault
from hilum.store.ingest_queue import IngestQueue
from hilum.store.kept import film_without_metadata
from hilum.store.results import DICOM, ResultFile, Results, ResultStore
from hilum.store.schema import FILM
from hilum.store.taking import Claim

logger = logging.getLogger(__name__)

_TRY_AGAIN_SECONDS = 5
_ENVIRONMENT_SECONDS = 30
_BURNED_IN = (
    "Not kept: the header says that text is burned into the picture, which may name the patient."
)
_NOT_DEIDENTIFIED = (
    "Not kept: the film cannot be de-identified. Its header is damaged, or Hilum has an error."
)


@dataclass(frozen=True, slots=True)
class Rules:
    """Rules of a deployment for received objects.

    Attributes
    ----------
    sent_formats : tuple of Format
        Results that go to the peers.
    held_formats : tuple of Format
        Results that are held here; those of them that apply to the file.
    peers : tuple of str
        Names of those that results go to.
    keeps_identity : bool
        Keep the films and the results as they came, with identity.
    keeps_refused : bool
        Keep what proves to be no radiograph to be read, in quarantine.
    models : tuple of str
        The models that read, the main one first; the registry's default where none is named.
    language : str
        Of the results; see `hilum.words.catalogue.languages`.
    """

    sent_formats: tuple[Format, ...] = DICOM_FORMATS
    held_formats: tuple[Format, ...] = tuple(Format)
    peers: tuple[str, ...] = ()
    keeps_identity: bool = False
    keeps_refused: bool = True
    models: tuple[str, ...] = ()
    language: str = "en"


class Processor:
    """Reads claims.

    Parameters
    ----------
    isolation : Isolation
        Where films are decoded and de-identified.
    """

    def __init__(
        self,
        ingest_queue: IngestQueue,
        result_store: ResultStore,
        *,
        registry: Registry,
        limits: DecodeLimits,
        rules: Rules,
        isolation: Isolation,
    ) -> None:
        self._ingest_queue = ingest_queue
        self._result_store = result_store
        self._registry = registry
        self._limits = limits
        self._rules = rules
        self._isolation = isolation

    def read(self, claim: Claim) -> bool:
        """Read a claim, whatever comes of it.

        Faults of the environment (no room, no database, no model) do not count as attempts.

        Returns
        -------
        bool
            False if it must be tried again later.

        Raises
        ------
        DBAPIError
            The result cannot be written to the database; the object is read again when the lease
            ends.
        """
        try:
            self._read_or_refuse(claim)
        except Exception as exc:
            logger.error("arrival %d: reading it failed: %s", claim.arrival_id, _where(exc))  # noqa: TRY400
            fault = environment_fault(exc)
            if fault is None:
                reason, seconds = f"Reading it failed: {type(exc).__name__}.", _TRY_AGAIN_SECONDS
            else:
                reason, seconds = f"It is tried again: {fault}.", _ENVIRONMENT_SECONDS
            self._ingest_queue.release(claim, reason, after_seconds=seconds, counts=fault is None)
            return False
        return True

    def _read_or_refuse(self, claim: Claim) -> None:
        try:
            self.read_or_raise(claim)
        except (ImageError, UnsuitableRadiographError) as exc:
            if environment_fault(exc) is not None:
                # Files could not be opened, or the like: the object is not at fault.
                raise
            self._ingest_queue.refuse(claim, str(exc), keeps=self._rules.keeps_refused)

    def read_or_raise(
        self, claim: Claim, models: ReadingModels | None = None, *, is_forced: bool = False
    ) -> str | None:
        """Read a claim and keep its results.

        Parameters
        ----------
        models : ReadingModels, optional
            Those of the rules where none are given.
        is_forced : bool
            Also read pictures that fail the suitability check.

        Returns
        -------
        str or None
            Identifier of the reading; None where the lease had ended and another reads it.

        Raises
        ------
        ImageError
            The file is no usable radiograph.
        UnsuitableRadiographError
            It is none that the models can be trusted on, and reading was not forced.
        BundleError
            There is no model to read with.
        """
        result = read_file(
            claim.content,
            models or ReadingModels.choose(self._registry, self._rules.models),
            is_forced=is_forced,
            with_evidence=True,
            language=self._rules.language,
            limits=self._limits,
            isolation=self._isolation,
        )
        # The same moment at each attempt: so the results' UIDs are the same as well.
        report = prepare(
            result,
            claim.content,
            created=claim.received,
            language=self._rules.language,
            limits=self._limits,
            isolation=self._isolation,
        )
        return self._result_store.keep(claim, report, self._results(report), self._rules.peers)

    def _results(self, report: Report) -> Results:
        results = Results()
        self._add_held(results, report)
        if self._rules.peers:
            self._add_outgoing(results, report)
        return results

    def _add_held(self, results: Results, report: Report) -> None:
        """Make what stays: the film and its results, without identity unless by setting."""
        image_format = report.film.format
        is_dicom = image_format is ImageFormat.DICOM
        wanted = [each for each in applicable(report) if each in self._rules.held_formats]
        with_film = True
        if self._rules.keeps_identity:
            kind = DICOM if is_dicom else f"image/{image_format.value}"
            film = ResultFile(kind, report.content)
        elif is_dicom:
            try:
                done = self._isolation.call(
                    deidentify,
                    report.content,
                    Profile(frozenset({RetainOption.UIDS})),
                    limits=self._limits,
                )
            except Exception as exc:
                # The film was decoded before: no length in it is beyond all memory.
                if isinstance(exc.__cause__, MemoryError):
                    raise exc.__cause__ from None
                if environment_fault(exc) is not None:
                    raise
                logger.error("de-identifying a film failed: %s", _where(exc))  # noqa: TRY400
                _add_without_header(results, report, wanted)
                return
            report = replace(report, content=done.content)
            film = ResultFile(DICOM, done.content)
            # What shows the film shows the name that is burned into it.
            with_film = not done.has_burned_in_annotation
        else:
            film = ResultFile("image/png", film_without_metadata(report))
        if with_film:
            results.held[FILM] = film
        kept = set(applicable(report))
        wanted = [each for each in wanted if each in kept]
        if not with_film:
            shown = (each.value for each in wanted if each.form.shows_film)
            results.leave_out((FILM, *shown), _BURNED_IN)
            wanted = [each for each in wanted if not each.form.shows_film]
        results.add_held(make_each(report, wanted))

    def _add_outgoing(self, results: Results, report: Report) -> None:
        """Make the results to send back, with the identity of the original film."""
        wanted = [each for each in applicable(report) if each in self._rules.sent_formats]
        if self._rules.keeps_identity:
            # They are the same.
            for each in wanted:
                if each.value in results.held:
                    results.outgoing[each.value] = results.held[each.value]
            wanted = [each for each in wanted if each not in self._rules.held_formats]
        results.add_outgoing(make_each(report, wanted))


def _add_without_header(results: Results, report: Report, wanted: Sequence[Format]) -> None:
    """Make the forms without header data, for a film that cannot be de-identified."""
    header = report.film.header
    is_burned_in = header is not None and header.has_burned_in_annotation is True
    # Without a header there is no study, and FHIR has no subject.
    report = replace(report, content=b"")
    without_header = set(applicable(report))
    held = [
        each
        for each in wanted
        if each in without_header and not (is_burned_in and each.form.shows_film)
    ]
    not_held = (FILM, *(each.value for each in wanted if each not in held))
    results.leave_out(not_held, _NOT_DEIDENTIFIED)
    results.add_held(make_each(report, held))


def _where(exc: Exception) -> str:
    """Name and traceback of an error, without its message, which may quote the file."""
    frames = "".join(traceback.format_tb(exc.__traceback__))
    return f"{type(exc).__name__}\n{frames}"
