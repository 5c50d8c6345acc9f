"""Ingest queue: acknowledged objects are on disk, and each is read once."""

import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from hilum.store.database import Database
from hilum.store.faults import environment_fault
from hilum.store.incoming import Incoming
from hilum.store.owners import THIS_MACHINE, is_gone, this_process
from hilum.store.quarantine import Quarantine
from hilum.store.schema import Arrival, Origin, State
from hilum.store.taking import REPLACED, Claim, fill, is_taken_anew, of_instance

logger = logging.getLogger(__name__)

_LEASE = timedelta(minutes=2)
_MOST_ATTEMPTS = 3
_TRY_AGAIN_SECONDS = 30
_LONGEST_REASON = 256


class IngestQueue:
    """What arrived.

    Parameters
    ----------
    quarantine : Quarantine
        Where the bytes of arrivals are.
    """

    def __init__(self, database: Database, quarantine: Quarantine) -> None:
        self._database = database
        self._quarantine = quarantine
        self._owner = this_process()
        # Attempts that do not count, although the database could not be updated.
        self._uncounted: set[int] = set()

    def take(self, incoming: Incoming, origin: Origin) -> int:
        """Take an object; when this returns, it survives a power cut.

        The same object sent again is the same arrival. Where reading it had failed, it is
        tried anew. An object that has neither results nor bytes that are kept is replaced by
        another of its SOP Instance UID.

        Returns
        -------
        int
            Of the arrival.

        Raises
        ------
        RefusedError
            Its SOP Instance UID was taken with other bytes, or there is no room.
        """
        return self._take(incoming, origin, is_claimed=False)[0]

    def take_claimed(self, incoming: Incoming, origin: Origin) -> tuple[int, Claim | None]:
        """Take an object for the caller to read at once, also one that was refused before.

        Returns
        -------
        int, Claim or None
            Of the arrival; None where it was read, or another reads it.

        Raises
        ------
        RefusedError
            As `take`.
        """
        return self._take(incoming, origin, is_claimed=True)

    def _take(
        self, incoming: Incoming, origin: Origin, *, is_claimed: bool
    ) -> tuple[int, Claim | None]:
        with self._database.read() as session:
            known = session.scalar(of_instance(incoming))
        if known is not None and not is_taken_anew(known, incoming, is_claimed=is_claimed):
            return known.id, None
        name = None
        if incoming.ignored_because is None:
            # An upload that fails is not kept.
            if origin is not Origin.UPLOAD and (known is None or known.spool_name is None):
                self._quarantine.check_room()
            name = self._quarantine.put(incoming.content)
        try:
            with self._database.write() as session:
                arrival, before = self._row(session, incoming, origin, name, is_claimed=is_claimed)
        except IntegrityError:
            self._quarantine.remove(name)
            # It came by two ways at once, and the other was first: it is found at the next look.
            return self._take(incoming, origin, is_claimed=is_claimed)
        except BaseException:
            if self._database.is_absent(select(Arrival.id).where(Arrival.spool_name == name)):
                self._quarantine.remove(name)
            raise
        if arrival.spool_name != name:
            self._quarantine.remove(name)
            return arrival.id, None
        if is_claimed:
            return arrival.id, Claim(arrival.id, arrival.received, incoming.content, before)
        self._quarantine.remove(before["spool_name"] if before else None)
        return arrival.id, None

    def _row(
        self,
        session: Session,
        incoming: Incoming,
        origin: Origin,
        name: str | None,
        *,
        is_claimed: bool,
    ) -> tuple[Arrival, dict[str, Any] | None]:
        """Row of an object, and its earlier values; unchanged if another process was first."""
        found = session.scalar(of_instance(incoming).with_for_update())
        before = None
        if found is not None:
            if not is_taken_anew(found, incoming, is_claimed=is_claimed):
                return found, None
            before = {each: getattr(found, each) for each in REPLACED}
        arrival = found or Arrival(sop_instance_uid=incoming.sop_instance_uid)
        fill(arrival, incoming, origin, name)
        if is_claimed:
            arrival.attempts = 1
            arrival.owner, arrival.leased_until = self._owner, datetime.now(UTC) + _LEASE
        session.add(arrival)
        return arrival, before

    def claim(self) -> Claim | None:
        """Claim the oldest object that is not being read.

        Returns
        -------
        Claim or None
            None if there is nothing to read.
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
            counts = found.id not in self._uncounted
            # Whoever had it before died of it.
            is_enough = counts and found.attempts >= _MOST_ATTEMPTS
            found.attempts += counts and not is_enough
            found.owner, found.leased_until = self._owner, now + _LEASE
        self._uncounted.discard(found.id)
        claim = Claim(found.id, found.received, b"")
        if is_enough:
            self.fail(claim, f"Hilum ended {_MOST_ATTEMPTS} times while this was read.")
            return None
        assert found.spool_name is not None
        try:
            return replace(claim, content=self._quarantine.get(found.spool_name))
        except FileNotFoundError:
            self.fail(claim, "Its file is missing from the folder of the store.", keeps=False)
        except OSError as exc:
            reason = f"It is tried again: {environment_fault(exc) or type(exc).__name__}."
            self.release(claim, reason, after_seconds=_TRY_AGAIN_SECONDS, counts=False)
        return None

    def held(self, session: Session, claim: Claim) -> Arrival | None:
        """The arrival if this claim still holds it; otherwise None."""
        return session.scalar(
            select(Arrival)
            .where(
                Arrival.id == claim.arrival_id,
                Arrival.owner == self._owner,
                Arrival.state == State.ARRIVED,
            )
            .with_for_update()
        )

    def withdraw(self, claim: Claim) -> None:
        """Undo `take_claimed`: remove a new row, or restore the earlier one."""
        with self._database.write() as session:
            found = self.held(session, claim)
            if found is None:
                return
            name = found.spool_name
            if claim.before is None:
                session.delete(found)
            else:
                for column, value in claim.before.items():
                    setattr(found, column, value)
                found.owner = found.leased_until = None
        self._quarantine.remove(name)

    def refuse(self, claim: Claim, reason: str, *, keeps: bool) -> None:
        """Mark a claim as no radiograph to be read; its bytes go to the quarantine, or away."""
        self._close(claim, State.REFUSED, reason, keeps=keeps)

    def fail(self, claim: Claim, reason: str, *, keeps: bool = True) -> None:
        """Give a claim up; its bytes go to the quarantine."""
        self._close(claim, State.FAILED, reason, keeps=keeps)

    def release(
        self, claim: Claim, reason: str, *, after_seconds: float, counts: bool = True
    ) -> None:
        """Release a claim, to be tried again later; or give up after enough attempts.

        Parameters
        ----------
        counts : bool
            As one of the attempts after which it is given up.
        """
        is_enough = False
        try:
            with self._database.write() as session:
                found = self.held(session, claim)
                if found is None:
                    return
                is_enough = counts and found.attempts >= _MOST_ATTEMPTS
                if not is_enough:
                    found.attempts -= 0 if counts else 1
                    found.reason, found.owner = reason[:_LONGEST_REASON], None
                    found.leased_until = datetime.now(UTC) + timedelta(seconds=after_seconds)
        except DBAPIError:
            if not counts:
                self._uncounted.add(claim.arrival_id)
            raise
        if is_enough:
            self.fail(claim, reason)

    def _close(self, claim: Claim, state: State, reason: str, *, keeps: bool) -> None:
        with self._database.write() as session:
            found = self.held(session, claim)
            if found is None:
                return
            name = found.spool_name
            found.state, found.reason = state, reason[:_LONGEST_REASON]
            found.owner = found.leased_until = None
            if not keeps:
                found.spool_name = found.size_bytes = None
            elif found.size_bytes is None and name is not None:
                # Taken by an earlier version.
                found.size_bytes = self._quarantine.size(name)
        assert name is not None
        if keeps:
            self._quarantine.set_aside(name)
        else:
            self._quarantine.remove(name)
        logger.warning("arrival %d: %s: %s", claim.arrival_id, state.value, reason)

    def recover(self) -> None:
        """Release claims of processes of this machine that no longer run."""
        with self._database.write() as session:
            gone = [owner for owner in owners_here(session) if is_gone(owner)]
            session.execute(
                update(Arrival)
                .where(Arrival.owner.in_(gone), Arrival.state == State.ARRIVED)
                .values(owner=None, leased_until=None)
            )


def owners_here(session: Session) -> list[str]:
    """The processes of this machine that have claimed something."""
    found = session.scalars(
        select(Arrival.owner)
        .where(Arrival.state == State.ARRIVED, Arrival.owner.startswith(THIS_MACHINE))
        .distinct()
    )
    return [owner for owner in found if owner]
