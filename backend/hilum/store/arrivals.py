"""Received objects: list, retry and discard."""

from collections.abc import Collection
from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from hilum.store.database import Database
from hilum.store.errors import StateError, UnknownArrivalError
from hilum.store.quarantine import QUARANTINED, Quarantine
from hilum.store.schema import Arrival, State


class Arrivals:
    """What arrived."""

    def __init__(self, database: Database, quarantine: Quarantine) -> None:
        self._database = database
        self._quarantine = quarantine

    def page(self, states: Collection[State], limit: int, offset: int) -> tuple[list[Arrival], int]:
        """Arrivals in one of some states, the latest first, and how many there are in all.

        Parameters
        ----------
        states : collection of State
            Empty for all.

        Returns
        -------
        list of Arrival, int
            With their readings.
        """
        wanted = (Arrival.state.in_(states),) if states else ()
        with self._database.read() as session:
            total = session.scalar(select(func.count()).select_from(Arrival).where(*wanted))
            found = session.scalars(
                select(Arrival)
                .where(*wanted)
                .options(selectinload(Arrival.readings))
                .order_by(Arrival.received.desc(), Arrival.id.desc())
                .limit(limit)
                .offset(offset)
            )
            return list(found), total or 0

    def retry(self, number: int) -> Arrival:
        """Have an object that failed or was refused read again.

        Parameters
        ----------
        number : int
            Of the arrival.

        Raises
        ------
        UnknownArrivalError
        StateError
            It is in another state, or its bytes are not kept.
        """
        with self._database.write() as session:
            found = _arrival(session, number)
            if found.state not in QUARANTINED:
                raise StateError(_WHY_NOT_RETRIED[found.state])
            if not self._quarantine.has(found.spool_name):
                raise StateError("The bytes of this object are no longer kept. Send it again.")
            found.state, found.attempts, found.reason = State.ARRIVED, 0, None
            found.owner = found.leased_until = None
            return found

    def discard(self, number: int) -> None:
        """Delete an object without results, with its bytes; sent again, it is a new arrival.

        Raises
        ------
        UnknownArrivalError
        StateError
            It has readings, or is being read.
        """
        with self._database.write() as session:
            found = _arrival(session, number)
            if found.readings:
                raise StateError("This object was read. Delete its readings: /readings.")
            is_leased = found.leased_until is not None and found.leased_until > datetime.now(UTC)
            if found.owner is not None and is_leased:
                raise StateError("This object is being read. Ask again when it is done.")
            name = found.spool_name
            session.delete(found)
        self._database.forget_deleted()
        self._quarantine.remove(name)


_WHY_NOT_RETRIED = {
    State.ARRIVED: "This object is waiting to be read, or is being read.",
    State.READ: "This object was read.",
    State.IGNORED: "This object is not read by rule, and its bytes were not kept.",
}


def _arrival(session: Session, number: int) -> Arrival:
    found = session.scalar(
        select(Arrival)
        .where(Arrival.id == number)
        .options(selectinload(Arrival.readings))
        .with_for_update()
    )
    if found is None:
        raise UnknownArrivalError
    return found
