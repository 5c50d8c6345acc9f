"""Files of received objects: in the spool until read, in quarantine if not read."""

import logging

from sqlalchemy import func, select

from hilum.store.database import Database
from hilum.store.errors import RefusalCode, RefusedError
from hilum.store.files import FileStore
from hilum.store.schema import Arrival, Delivery, DeliveryState, State

logger = logging.getLogger(__name__)

QUARANTINED = (State.FAILED, State.REFUSED)
"""States of what waits for a person: nothing but a person, or results, removes its bytes."""


class Quarantine:
    """Files of arrivals, with identity, and the budget of those that wait for a person.

    An object that failed is moved from one folder to the other by renaming it, which takes no
    room. Where that is not possible it stays in the spool, and is moved when the folders are swept.
    Its row says where it stands; a file is found in either folder.

    Parameters
    ----------
    max_bytes : int
        For what waits for a person, results that were given up among it. What was acknowledged is
        never dropped: at this size nothing new is taken.
    """

    def __init__(
        self, database: Database, spool: FileStore, folder: FileStore, max_bytes: int
    ) -> None:
        self._database = database
        self._spool = spool
        self._folder = folder
        self._max_bytes = max_bytes

    def check_room(self) -> None:
        """Refuse a new object where the quarantine is full.

        Raises
        ------
        RefusedError
        """
        if self.used_bytes() >= self._max_bytes:
            raise RefusedError(
                RefusalCode.OUT_OF_RESOURCES,
                "The quarantine is full. Retry or discard what is in it: /arrivals.",
            )

    def used_bytes(self) -> int:
        """Bytes of all that waits for a person."""
        arrivals = select(func.sum(Arrival.size_bytes)).where(Arrival.state.in_(QUARANTINED))
        deliveries = select(func.sum(Delivery.size_bytes)).where(
            Delivery.state == DeliveryState.GIVEN_UP
        )
        with self._database.read() as session:
            return int(session.scalar(arrivals) or 0) + int(session.scalar(deliveries) or 0)

    def put(self, content: bytes) -> str:
        """Keep the bytes of something new, durably; see `FileStore.put`."""
        return self._spool.put(content)

    def get(self, name: str) -> bytes:
        """Read a file whole.

        Raises
        ------
        FileNotFoundError
        """
        try:
            return self._spool.get(name)
        except FileNotFoundError:
            return self._folder.get(name)

    def has(self, name: str | None) -> bool:
        """Whether there is a file of this name."""
        return name is not None and (self._spool.has(name) or self._folder.has(name))

    def size(self, name: str) -> int | None:
        """Size of a file in bytes; None if there is none."""
        for each in (self._spool, self._folder):
            if each.has(name):
                return (each.folder / name).stat().st_size
        return None

    def set_aside(self, *names: str) -> None:
        """Move files to the quarantine; those that are in it stay in it."""
        for name in filter(self._spool.has, names):
            try:
                self._spool.move(name, self._folder)
            except OSError as exc:
                logger.warning("an object in quarantine stays in spool/: %s", exc.strerror)

    def settle(self) -> None:
        """Move files that a crash or a disk fault has left in the spool."""
        with self._database.read() as session:
            names = session.scalars(
                select(Arrival.spool_name).where(Arrival.state.in_(QUARANTINED))
            ).all()
        self.set_aside(*(name for name in names if name))

    def remove(self, *names: str | None) -> None:
        """Remove files, wherever they are."""
        self._spool.remove(*names)
        self._folder.remove(*names)

    def left_behind(self, in_use: set[str]) -> list[str]:
        """Names of files in both folders that no row names."""
        return [*self._spool.left_behind(in_use), *self._folder.left_behind(in_use)]
