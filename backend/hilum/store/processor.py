"""Where what arrived is read: results and the mark "read" in one transaction, or neither."""

import logging
import traceback
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from hilum.deidentification.deidentify import deidentify
from hilum.deidentification.profile import Profile
from hilum.deidentification.retain import RetainOption
from hilum.errors import BundleError, ImageError, UnsuitableRadiographError
from hilum.imaging import DecodeLimits, ImageFormat
from hilum.models import OperatingPoint, Registry, read_file
from hilum.reporting.errors import ReportError
from hilum.reporting.forms import DICOM_FORMATS, Format
from hilum.reporting.outputs import applicable, make
from hilum.reporting.report import Report, prepare
from hilum.store.database import Database
from hilum.store.files import FileStore
from hilum.store.ingest_queue import Claim, IngestQueue
from hilum.store.kept import NO_DICOM, describe, film_without_metadata
from hilum.store.schema import (
    FILM,
    Delivery,
    DeliveryState,
    HeldObject,
    HeldReading,
    State,
)

logger = logging.getLogger(__name__)

_DICOM = "application/dicom"
_TRY_AGAIN_SECONDS = 5
_NO_MODEL_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Rules:
    """What a deployment does with what it reads.

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
    model : str or None
        The model that reads; the registry's default where none is named.
    """

    sent_formats: tuple[Format, ...] = DICOM_FORMATS
    held_formats: tuple[Format, ...] = tuple(Format)
    peers: tuple[str, ...] = ()
    keeps_identity: bool = False
    model: str | None = None


@dataclass(frozen=True, slots=True)
class _File:
    media_type: str
    content: bytes


class Processor:
    """Reads claims.

    Parameters
    ----------
    database : Database
    ingest_queue : IngestQueue
    spool, kept_files : FileStore
        Of bytes with identity, for a while; of what stays.
    registry : Registry
    limits : DecodeLimits
    rules : Rules
    """

    def __init__(
        self,
        database: Database,
        ingest_queue: IngestQueue,
        *,
        spool: FileStore,
        kept_files: FileStore,
        registry: Registry,
        limits: DecodeLimits,
        rules: Rules,
    ) -> None:
        self._database = database
        self._ingest_queue = ingest_queue
        self._spool = spool
        self._kept_files = kept_files
        self._registry = registry
        self._limits = limits
        self._rules = rules

    def read(self, claim: Claim) -> bool:
        """Read a claim, whatever comes of it; nothing is raised.

        Parameters
        ----------
        claim : Claim

        Returns
        -------
        bool
            False where it is to be tried again later.
        """
        try:
            self.read_or_raise(claim)
        except (ImageError, UnsuitableRadiographError) as exc:
            self._ingest_queue.refuse(claim, str(exc))
        except BundleError:
            logger.exception("no model to read with")
            self._ingest_queue.release(claim, after_seconds=_NO_MODEL_SECONDS, counts=False)
            return False
        except Exception as exc:
            # Where it went wrong, not what the library said: its words may quote the file.
            frames = "".join(traceback.format_tb(exc.__traceback__))
            name = type(exc).__name__
            logger.error("arrival %d: reading it failed: %s\n%s", claim.arrival_id, name, frames)  # noqa: TRY400
            self._ingest_queue.release(claim, after_seconds=_TRY_AGAIN_SECONDS)
            return False
        return True

    def read_or_raise(
        self, claim: Claim, *, point: OperatingPoint | None = None, is_forced: bool = False
    ) -> str | None:
        """Read a claim and keep its results.

        Parameters
        ----------
        claim : Claim
        point : OperatingPoint, optional
            To decide at; the card's own where none is given.
        is_forced : bool
            Read what is not suitable, too.

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
        reader = self._registry.reader(self._rules.model)
        result = read_file(
            claim.content,
            reader,
            self._registry.screener(needed=reader.reads_lung_field),
            point=point,
            is_forced=is_forced,
            with_evidence=True,
            limits=self._limits,
        )
        # The same moment at each attempt: so the results' UIDs are the same as well.
        report = prepare(
            result, reader.card, claim.content, created=claim.received, limits=self._limits
        )
        held = self._held(report)
        outgoing = self._outgoing(report, held)
        return self._keep(claim, report, held, outgoing)

    def _held(self, report: Report) -> dict[str, _File]:
        """What stays: the film and its results, without identity unless by setting."""
        image_format = report.film.format
        is_dicom = image_format is ImageFormat.DICOM
        if self._rules.keeps_identity:
            kind = _DICOM if is_dicom else f"image/{image_format.value}"
            return {FILM: _File(kind, report.content), **self._results(report)}
        if not is_dicom:
            film = _File("image/png", film_without_metadata(report))
            return {FILM: film, **self._results(report)}
        profile = Profile(frozenset({RetainOption.UIDS}))
        done = deidentify(report.content, profile, limits=self._limits)
        nameless = replace(report, content=done.content)
        if done.has_burned_in_annotation:
            # What shows the film shows the name that is burned into it.
            return self._results(nameless, with_film=False)
        return {FILM: _File(_DICOM, done.content), **self._results(nameless)}

    def _results(self, report: Report, *, with_film: bool = True) -> dict[str, _File]:
        wanted = [each for each in applicable(report) if each in self._rules.held_formats]
        return _made(report, [each for each in wanted if with_film or not each.form.shows_film])

    def _outgoing(self, report: Report, held: dict[str, _File]) -> dict[str, _File]:
        """What is sent back: with the identity that the film came with."""
        if not self._rules.peers:
            return {}
        wanted = [each for each in applicable(report) if each in self._rules.sent_formats]
        if self._rules.keeps_identity:
            made = {each.value: held[each.value] for each in wanted if each.value in held}
            return made | _made(report, [each for each in wanted if each.value not in held])
        return _made(report, wanted)

    def _keep(
        self,
        claim: Claim,
        report: Report,
        held: dict[str, _File],
        outgoing: dict[str, _File],
    ) -> str | None:
        objects = [self._object(kind, file) for kind, file in held.items()]
        deliveries = [
            self._delivery(kind, file, peer)
            for kind, file in outgoing.items()
            for peer in self._rules.peers
        ]
        reading = _reading(report)
        reading.objects, reading.deliveries = objects, deliveries
        try:
            with self._database.write() as session:
                arrival = self._ingest_queue.held(session, claim)
                if arrival is not None:
                    arrival.readings.append(reading)
                    arrival.state = State.READ
                    spool_name, arrival.spool_name = arrival.spool_name, None
                    arrival.owner = arrival.leased_until = None
        except BaseException:
            self._discard(objects, deliveries)
            raise
        if arrival is None:
            self._discard(objects, deliveries)
            return None
        self._spool.remove(spool_name)
        return reading.id

    def _object(self, kind: str, file: _File) -> HeldObject:
        about = describe(file.content) if file.media_type == _DICOM else NO_DICOM
        return HeldObject(
            kind=kind,
            media_type=file.media_type,
            name=self._kept_files.put(file.content),
            size_bytes=len(file.content),
            study_instance_uid=about.study,
            series_instance_uid=about.series,
            sop_instance_uid=about.instance,
            header=about.header,
        )

    def _delivery(self, kind: str, file: _File, peer: str) -> Delivery:
        now = datetime.now(UTC)
        return Delivery(
            kind=kind,
            peer=peer,
            spool_name=self._spool.put(file.content),
            state=DeliveryState.WAITING,
            created=now,
            next_try=now,
        )

    def _discard(self, objects: Sequence[HeldObject], deliveries: Sequence[Delivery]) -> None:
        self._kept_files.remove(*(each.name for each in objects))
        self._spool.remove(*(each.spool_name for each in deliveries))


def _made(report: Report, wanted: Sequence[Format]) -> dict[str, _File]:
    made = {}
    for each in wanted:
        try:
            output = make(report, each)
        except ReportError as exc:
            logger.warning("%s: %s", each.value, exc)
        else:
            made[each.value] = _File(output.media_type, output.content)
    return made


def _reading(report: Report) -> HeldReading:
    facts = report.facts
    return HeldReading(
        id=str(report.uuid("reading")),
        created=report.created,
        model_name=facts.model.name,
        model_version=facts.model.version,
        model_sha256=facts.model.sha256,
        decision=facts.main.decision.value,
        probability=facts.main.probability,
    )
