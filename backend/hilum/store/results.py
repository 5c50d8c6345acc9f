"""Storing the results of a reading: files, rows and the state "read", all or nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import select

from hilum.isolation import IN_PROCESS, Isolation
from hilum.reporting.outputs import Made
from hilum.reporting.report import Report
from hilum.store.database import Database
from hilum.store.files import FileStore
from hilum.store.ingest_queue import IngestQueue
from hilum.store.kept import NO_DICOM, describe
from hilum.store.quarantine import Quarantine
from hilum.store.schema import (
    FILM,
    Delivery,
    DeliveryState,
    HeldDecision,
    HeldObject,
    HeldReading,
    State,
)
from hilum.store.taking import Claim

DICOM = "application/dicom"


@dataclass(frozen=True, slots=True)
class ResultFile:
    """A file of a reading.

    Attributes
    ----------
    content : bytes
    """

    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Results:
    """Results of a reading to be stored.

    Attributes
    ----------
    held, outgoing : dict of str to ResultFile
        By their kinds: what stays here, and what is sent.
    missing : list of dict
        `form` and `reason` of what could not be made.
    """

    held: dict[str, ResultFile] = field(default_factory=dict)
    outgoing: dict[str, ResultFile] = field(default_factory=dict)
    missing: list[dict[str, str]] = field(default_factory=list)

    def add_held(self, made: Made) -> None:
        """Add forms that stay here."""
        self._add(self.held, made, "")

    def add_outgoing(self, made: Made) -> None:
        """Add forms that are sent."""
        self._add(self.outgoing, made, "Not sent: ")

    def leave_out(self, forms: Iterable[str], reason: str) -> None:
        """Note forms that do not stay here, and why."""
        self.missing.extend({"form": each, "reason": reason} for each in forms)

    def _add(self, files: dict[str, ResultFile], made: Made, said: str) -> None:
        for each in made.outputs:
            files[each.format.value] = ResultFile(each.media_type, each.content)
        self.missing.extend(
            {"form": lacking.format.value, "reason": said + lacking.reason}
            for lacking in made.missing
        )


class ResultStore:
    """Where the results of readings are kept.

    Parameters
    ----------
    quarantine : Quarantine
        Where the bytes of arrivals are.
    spool, kept_files : FileStore
        Of bytes with identity, for a while; of what stays.
    isolation : Isolation
        Where films are parsed.
    """

    def __init__(
        self,
        database: Database,
        ingest_queue: IngestQueue,
        quarantine: Quarantine,
        *,
        spool: FileStore,
        kept_files: FileStore,
        isolation: Isolation,
    ) -> None:
        self._database = database
        self._ingest_queue = ingest_queue
        self._quarantine = quarantine
        self._spool = spool
        self._kept_files = kept_files
        self._isolation = isolation

    def keep(
        self, claim: Claim, report: Report, results: Results, peers: Sequence[str]
    ) -> str | None:
        """Keep results, and mark the claim as read, in one transaction.

        Parameters
        ----------
        peers : sequence of str
            Who they are sent to.

        Returns
        -------
        str or None
            Identifier of the reading; None where the claim is no longer ours.
        """
        reading = _reading(report, results.missing)
        objects: list[HeldObject] = []
        deliveries: list[Delivery] = []
        try:
            for kind, file in results.held.items():
                objects.append(self._object(kind, file))
            for kind, file in results.outgoing.items():
                for peer in peers:
                    # One by one: those before a failure are discarded.
                    deliveries.append(self._delivery(kind, file, peer))  # noqa: PERF401
            reading.objects, reading.deliveries = objects, deliveries
            with self._database.write() as session:
                arrival = self._ingest_queue.held(session, claim)
                if arrival is not None:
                    arrival.readings.append(reading)
                    arrival.state, arrival.reason = State.READ, None
                    name, arrival.spool_name = arrival.spool_name, None
                    arrival.owner = arrival.leased_until = arrival.size_bytes = None
        except BaseException:
            # A commit whose answer was lost may have been done: then these are needed.
            if self._database.is_absent(select(HeldReading.id).where(HeldReading.id == reading.id)):
                self._discard(objects, deliveries)
            raise
        if arrival is None:
            self._discard(objects, deliveries)
            return None
        self._quarantine.remove(name, claim.before["spool_name"] if claim.before else None)
        return reading.id

    def _object(self, kind: str, file: ResultFile) -> HeldObject:
        about = NO_DICOM
        if file.media_type == DICOM:
            # All others were made here.
            isolation = self._isolation if kind == FILM else IN_PROCESS
            about = isolation.call(describe, file.content)
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

    def _delivery(self, kind: str, file: ResultFile, peer: str) -> Delivery:
        now = datetime.now(UTC)
        return Delivery(
            kind=kind,
            peer=peer,
            spool_name=self._spool.put(file.content),
            size_bytes=len(file.content),
            state=DeliveryState.WAITING,
            created=now,
            next_try=now,
        )

    def _discard(self, objects: Sequence[HeldObject], deliveries: Sequence[Delivery]) -> None:
        self._kept_files.remove(*(each.name for each in objects))
        self._spool.remove(*(each.spool_name for each in deliveries))


def _reading(report: Report, missing: list[dict[str, str]]) -> HeldReading:
    decided = (
        (reading.model, task.verdict) for reading in report.facts.readings for task in reading.tasks
    )
    return HeldReading(
        id=str(report.uuid("reading")),
        created=report.created,
        decisions=[
            HeldDecision(
                place=place,
                model_name=model.name,
                model_version=model.version,
                model_sha256=model.sha256,
                finding=verdict.finding.value,
                decision=verdict.decision.value,
                verdict=verdict.code.value,
                probability=verdict.probability,
                threshold=verdict.point.threshold,
            )
            for place, (model, verdict) in enumerate(decided)
        ],
        missing=missing,
    )
