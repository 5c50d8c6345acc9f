"""The store of one deployment: ingest queue, processor, kept readings and outbox."""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import InstrumentedAttribute

from hilum.errors import HilumError
from hilum.imaging import ImageFormat
from hilum.imaging.signature import identify
from hilum.isolation import IN_PROCESS, Isolation
from hilum.models import Registry
from hilum.models.reading_models import ReadingModels
from hilum.store.arrivals import Arrivals
from hilum.store.database import Database
from hilum.store.errors import (
    DatabaseError,
    RefusalCode,
    RefusedError,
    UnknownReadingError,
)
from hilum.store.faults import environment_fault
from hilum.store.files import FileStore
from hilum.store.incoming import NOTHING_ANNOUNCED, Announced, Incoming, inspect_incoming
from hilum.store.ingest_queue import IngestQueue
from hilum.store.left_behind import enter_or_remove
from hilum.store.outbox import Outbox
from hilum.store.processor import Processor
from hilum.store.quarantine import Quarantine
from hilum.store.readiness import Part, store_parts
from hilum.store.results import ResultStore
from hilum.store.schema import Arrival, Delivery, HeldObject, HeldReading, Origin
from hilum.store.settings import StoreSettings


class Store:
    """Store of a deployment.

    Parameters
    ----------
    isolation : Isolation
        Where files are parsed and decoded; whoever made it closes it.
    """

    def __init__(
        self, settings: StoreSettings, registry: Registry, isolation: Isolation = IN_PROCESS
    ) -> None:
        self.settings = settings
        self.registry = registry
        self.isolation = isolation
        self.spool, self.kept_files, self.quarantine_files = map(FileStore, settings.folders)
        self.database = Database(settings.url)
        self.quarantine = Quarantine(
            self.database, self.spool, self.quarantine_files, settings.quarantine_bytes
        )
        self.ingest_queue = IngestQueue(self.database, self.quarantine)
        self.arrivals = Arrivals(self.database, self.quarantine)
        self.outbox = Outbox(self.database, self.spool, settings.schedule)
        self.processor = Processor(
            self.ingest_queue,
            ResultStore(
                self.database,
                self.ingest_queue,
                self.quarantine,
                spool=self.spool,
                kept_files=self.kept_files,
                isolation=isolation,
            ),
            registry=registry,
            isolation=isolation,
            limits=settings.limits,
            rules=settings.rules,
        )

    def take(
        self,
        content: bytes,
        origin: Origin,
        announced: Announced = NOTHING_ANNOUNCED,
    ) -> Incoming:
        """Take a DICOM object, to be read later; see `inspect_incoming` and `IngestQueue.take`.

        Raises
        ------
        RefusedError
            It cannot be taken, or the store is in trouble: then it may be sent again.
        """
        incoming = inspect_incoming(
            content,
            self.settings.limits,
            announced,
            isolation=self.isolation,
        )
        try:
            self.ingest_queue.take(incoming, origin)
        except Exception as exc:
            names = incoming.sop_class_uid, incoming.sop_instance_uid
            if isinstance(exc, RefusedError):
                exc.names = names
                raise
            fault = environment_fault(exc)
            if fault is None:
                raise
            words = f"It cannot be kept: {fault}. Send it again later."
            raise RefusedError(RefusalCode.OUT_OF_RESOURCES, words, names) from exc
        return incoming

    def read_now(
        self, content: bytes, models: ReadingModels | None = None, *, is_forced: bool = False
    ) -> tuple[str, bool]:
        """Read a file of any format and keep its reading.

        Parameters
        ----------
        content : bytes
        models : ReadingModels, optional
            Those of the deployment's rules where none are given.

        Returns
        -------
        str, bool
            Identifier of the reading, and whether it was made now.

        Raises
        ------
        HilumError
            It cannot be read; nothing is kept then.
        """
        incoming = self._uploaded(content)
        with self.database.read() as session:
            known = session.scalar(
                select(HeldReading.id)
                .join(Arrival)
                .where(
                    Arrival.sop_instance_uid == incoming.sop_instance_uid,
                    Arrival.sha256 == incoming.sha256,
                )
                .order_by(HeldReading.created.desc(), HeldReading.id)
                .limit(1)
            )
        if known is not None:
            return known, False
        _, claim = self.ingest_queue.take_claimed(incoming, Origin.UPLOAD)
        reading_id = None
        if claim is not None:
            try:
                reading_id = self.processor.read_or_raise(claim, models, is_forced=is_forced)
            except BaseException:
                self.ingest_queue.withdraw(claim)
                raise
        if reading_id is None:
            raise RefusedError(RefusalCode.AT_WORK, "This file is being read already. Ask again.")
        return reading_id, True

    def _uploaded(self, content: bytes) -> Incoming:
        self.settings.limits.check_bytes(len(content))
        if identify(content) is ImageFormat.DICOM:
            try:
                found = inspect_incoming(content, self.settings.limits, isolation=self.isolation)
                return replace(found, ignored_because=None)
            except HilumError:
                # A person's file need not belong to a study; reading it says what is wrong.
                pass
        digest = hashlib.sha256(content).hexdigest()
        return Incoming(content, digest, "", f"2.25.{uuid5(NAMESPACE_OID, digest).int}", "")

    def reading(self, reading_id: str) -> HeldReading:
        """A reading that is held, with its objects and deliveries.

        Raises
        ------
        UnknownReadingError
        """
        with self.database.read() as session:
            found = session.get(HeldReading, reading_id)
            if found is None:
                raise UnknownReadingError
            # Loaded while there is a session to load them with.
            _ = (found.decisions, found.objects, found.deliveries, found.arrival)
            return found

    def readings(self, limit: int, offset: int) -> list[HeldReading]:
        """Readings that are held, the latest first."""
        with self.database.read() as session:
            return list(
                session.scalars(
                    select(HeldReading)
                    .order_by(HeldReading.created.desc(), HeldReading.id)
                    .limit(limit)
                    .offset(offset)
                )
            )

    def delete(self, reading_id: str) -> None:
        """Delete a reading with all stored files; copies sent to peers remain.

        With the last reading of an arrival the arrival is deleted as well: the same object is
        read again when it is sent again. As long as there are other readings of it, it is not.

        Raises
        ------
        UnknownReadingError
        """
        with self.database.write() as session:
            arrival = session.scalar(
                select(Arrival)
                .join(HeldReading)
                .where(HeldReading.id == reading_id)
                # Two deletions at once, of the last two readings, have to see each other.
                .with_for_update(of=Arrival)
            )
            found = session.get(HeldReading, reading_id)
            if arrival is None or found is None:
                raise UnknownReadingError
            kept = [each.name for each in found.objects]
            spooled = [each.spool_name for each in found.deliveries]
            session.delete(arrival if arrival.readings == [found] else found)
        self.database.forget_deleted()
        self.kept_files.remove(*kept)
        self.spool.remove(*spooled)

    def parts(self) -> tuple[Part, ...]:
        """Say which of the store's parts can do their work."""
        return store_parts(self.settings, self.database)

    def content(self, held: HeldObject) -> bytes:
        """The bytes of an object that is held."""
        return self.kept_files.get(held.name)

    def counts(self) -> dict[str, int]:
        """Number of received objects by state."""
        with self.database.read() as session:
            rows = session.execute(select(Arrival.state, func.count()).group_by(Arrival.state))
            return {str(state): count for state, count in rows}

    def sweep(self) -> None:
        """Enter objects that exist only as files in spool and quarantine; remove other files."""
        self.quarantine.settle()
        in_use = self._names((Arrival.spool_name, Delivery.spool_name))
        for name in self.quarantine.left_behind(in_use):
            enter_or_remove(
                name, self.database, self.quarantine, self.settings.limits, self.isolation
            )

    def sweep_kept(self) -> None:
        """Remove kept files left behind by a crash."""
        self.kept_files.sweep(self._names((HeldObject.name,)))

    def _names(self, columns: Iterable[InstrumentedAttribute[Any]]) -> set[str]:
        """All names of files in some columns."""
        with self.database.read() as session:
            return {name for column in columns for name in session.scalars(select(column)) if name}

    def close(self) -> None:
        """Let go of the database."""
        self.database.close()


@contextmanager
def opened(
    settings: StoreSettings, registry: Registry, isolation: Isolation = IN_PROCESS
) -> Iterator[Store]:
    """Open a store for a while.

    Raises
    ------
    FolderError, DatabaseError
        It cannot be opened, or the database fails while it is used.
    """
    store = Store(settings, registry, isolation)
    try:
        yield store
    except DBAPIError as exc:
        raise DatabaseError(
            f"The database can no longer be used: {type(exc.orig).__name__}. Check that the disk "
            "has room and that the database answers, then start again."
        ) from exc
    finally:
        store.close()
