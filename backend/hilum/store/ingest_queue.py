"""Taking what arrives, so that what is acknowledged is on the disc, and is read once."""

import logging
import os
import socket
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from sqlalchemy import or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from hilum.store.database import Database
from hilum.store.errors import RefusalCode, RefusedError
from hilum.store.files import FileStore
from hilum.store.incoming import Incoming
from hilum.store.schema import Arrival, State

logger = logging.getLogger(__name__)

_LEASE = timedelta(minutes=2)
_MOST_ATTEMPTS = 3
_ABANDONED_SECONDS = 300


class Origin(StrEnum):
    """How something arrived."""

    C_STORE = "c-store"
    STOW = "stow"
    PULLED = "pulled"
    UPLOAD = "upload"


@dataclass(frozen=True, slots=True)
class Claim:
    """Something to be read, by this process alone until the lease ends.

    Attributes
    ----------
    arrival_id : int
    received : datetime
    content : bytes
        With identity.
    """

    arrival_id: int
    received: datetime
    content: bytes


class IngestQueue:
    """What arrived.

    Parameters
    ----------
    database : Database
    spool : FileStore
        Of bytes with identity, each for as long as it is needed.
    """

    def __init__(self, database: Database, spool: FileStore) -> None:
        self._database = database
        self._spool = spool
        self._owner = f"{socket.gethostname()}:{os.getpid()}"

    def take(self, incoming: Incoming, origin: Origin, *, is_claimed: bool = False) -> int:
        """Take an object; when this returns, it survives a power cut.

        The same object sent again is the same arrival. Where reading it had failed, it is
        tried anew.

        Parameters
        ----------
        incoming : Incoming
        origin : Origin
        is_claimed : bool
            By the caller, who reads it at once.

        Returns
        -------
        int
            Of the arrival.

        Raises
        ------
        RefusedError
            Its SOP Instance UID was taken with other bytes, or there is no room.
        """
        known = self._known(incoming)
        # A person who asks for it may have read what was not, or try what failed.
        again = (State.FAILED, State.IGNORED, State.REFUSED) if is_claimed else (State.FAILED,)
        if known is not None and known.state not in again:
            return known.id
        name = None
        if incoming.ignored_because is None:
            name = self._spool.put(incoming.content)
        try:
            with self._database.write() as session:
                arrival = known or _arrival(incoming, origin)
                arrival.spool_name = name
                arrival.state = State.IGNORED if incoming.ignored_because else State.ARRIVED
                arrival.attempts, arrival.reason = int(is_claimed), incoming.ignored_because
                arrival.owner = self._owner if is_claimed else None
                arrival.leased_until = datetime.now(UTC) + _LEASE if is_claimed else None
                arrival = session.merge(arrival) if known else arrival
                session.add(arrival)
                session.flush()
                return arrival.id
        except IntegrityError:
            # It came by two ways at once, and the other was first.
            self._spool.remove(name)
            known = self._known(incoming)
            if known is None:
                raise
            return known.id
        except BaseException:
            self._spool.remove(name)
            raise

    def claim(self) -> Claim | None:
        """Claim what arrived first and nobody is reading.

        Returns
        -------
        Claim or None
            None where there is nothing to read.
        """
        now = datetime.now(UTC)
        free = (
            Arrival.state == State.ARRIVED,
            or_(Arrival.leased_until.is_(None), Arrival.leased_until < now),
        )
        # Without a lock: most often there is nothing.
        with self._database.read() as session:
            if session.scalar(select(Arrival.id).where(*free).limit(1)) is None:
                return None
        with self._database.write() as session:
            found = session.scalar(
                select(Arrival)
                .where(*free)
                .order_by(Arrival.id)
                .limit(1)
                .with_for_update(skip_locked=True)
            )
            if found is None:
                return None
            found.attempts += 1
            found.owner, found.leased_until = self._owner, now + _LEASE
        assert found.spool_name is not None
        claim = Claim(found.id, found.received, b"")
        if found.attempts > _MOST_ATTEMPTS:
            # Whoever had it before died of it.
            self.fail(claim)
            return None
        return replace(claim, content=self._spool.get(found.spool_name))

    def claim_of(self, arrival_id: int, content: bytes) -> Claim | None:
        """The claim of what was taken with `is_claimed`; None where another has it."""
        with self._database.read() as session:
            found = session.get(Arrival, arrival_id)
            if found is None or found.owner != self._owner or found.state != State.ARRIVED:
                return None
            return Claim(found.id, found.received, content)

    def forget(self, arrival_id: int) -> None:
        """Drop what arrived and could not be read, as if it had not."""
        with self._database.write() as session:
            found = session.get(Arrival, arrival_id)
            if found is None or found.owner != self._owner:
                return
            name = found.spool_name
            session.delete(found)
        self._spool.remove(name)

    def held(self, session: Session, claim: Claim) -> Arrival | None:
        """The arrival, where it is still ours to be marked as read; else None."""
        return session.scalar(
            select(Arrival).where(
                Arrival.id == claim.arrival_id,
                Arrival.owner == self._owner,
                Arrival.state == State.ARRIVED,
            )
        )

    def refuse(self, claim: Claim, reason: str) -> None:
        """Mark a claim as no radiograph to be read; its bytes go."""
        self._close(claim, State.REFUSED, reason)

    def fail(self, claim: Claim) -> None:
        """Give a claim up; its bytes go, and when it is sent again it is tried again."""
        self._close(claim, State.FAILED, "given up after several attempts")

    def release(self, claim: Claim, *, after_seconds: float, counts: bool = True) -> None:
        """Give a claim back, to be tried again after a while; or up, where it was tried enough.

        Parameters
        ----------
        claim : Claim
        after_seconds : float
        counts : bool
            As one of the attempts after which it is given up.
        """
        with self._database.write() as session:
            found = self.held(session, claim)
            if found is None:
                return
            found.leased_until = datetime.now(UTC) + timedelta(seconds=after_seconds)
            found.attempts -= 0 if counts else 1
            is_enough = found.attempts >= _MOST_ATTEMPTS
        if is_enough:
            self.fail(claim)

    def _close(self, claim: Claim, state: State, reason: str) -> None:
        with self._database.write() as session:
            found = self.held(session, claim)
            if found is None:
                return
            name = found.spool_name
            found.state, found.reason, found.spool_name = state, reason[:256], None
            found.owner = found.leased_until = None
        self._spool.remove(name)
        logger.info("arrival %d: %s: %s", claim.arrival_id, state.value, reason)

    def recover(self) -> None:
        """Take back what a process of this machine had claimed that is no more; tidy the spool."""
        host = socket.gethostname()
        with self._database.write() as session:
            owners = session.scalars(
                select(Arrival.owner)
                .where(Arrival.state == State.ARRIVED, Arrival.owner.startswith(f"{host}:"))
                .distinct()
            ).all()
            gone = [owner for owner in owners if owner and not self._lives(owner)]
            session.execute(
                update(Arrival)
                .where(Arrival.owner.in_(gone), Arrival.state == State.ARRIVED)
                .values(owner=None, leased_until=None)
            )

    def sweep(self, in_use: set[str]) -> None:
        """Remove what a crash left in the spool: files that no row names."""
        self._spool.remove(*(set(self._spool.abandoned(_ABANDONED_SECONDS)) - in_use))

    def _lives(self, owner: str) -> bool:
        number = int(owner.rpartition(":")[2])
        if number == os.getpid():
            # A container's first process always has the same number: it was one before us.
            return False
        try:
            os.kill(number, 0)
        except ProcessLookupError:
            return False
        except PermissionError:
            return True
        return True

    def _known(self, incoming: Incoming) -> Arrival | None:
        """The arrival of the same object; refuses another of the same name."""
        with self._database.read() as session:
            found = session.scalar(
                select(Arrival).where(Arrival.sop_instance_uid == incoming.sop_instance_uid)
            )
        if found is not None and found.sha256 != incoming.sha256:
            raise RefusedError(
                RefusalCode.DUPLICATE,
                "An object of this SOP Instance UID was taken before, with other bytes.",
            )
        return found


def _arrival(incoming: Incoming, origin: Origin) -> Arrival:
    return Arrival(
        sop_instance_uid=incoming.sop_instance_uid,
        sha256=incoming.sha256,
        sop_class_uid=incoming.sop_class_uid,
        study_instance_uid=incoming.study_instance_uid,
        received=datetime.now(UTC),
        origin=origin,
    )
