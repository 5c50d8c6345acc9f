"""Outbox: results to be sent, with a schedule in the database that survives a restart."""

import logging
import random
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hilum.store.database import Database
from hilum.store.errors import StateError, UnknownDeliveryError
from hilum.store.files import FileStore
from hilum.store.schema import Delivery, DeliveryState

logger = logging.getLogger(__name__)

_AT_ONCE = 32


@dataclass(frozen=True, slots=True)
class Schedule:
    """When what failed is sent again: each time after twice as long, less up to half of it.

    Attributes
    ----------
    give_up_after : timedelta
        Since the result was made.
    """

    first_seconds: float = 5
    longest_seconds: float = 900
    give_up_after: timedelta = timedelta(days=7)

    def wait_seconds(self, attempts: int) -> float:
        """How long to wait after so many attempts, at random, so that not all come at once."""
        longest = min(self.longest_seconds, self.first_seconds * 2.0 ** min(attempts - 1, 30))
        return longest * random.uniform(0.5, 1)  # noqa: S311 - no secret


@dataclass(frozen=True, slots=True)
class OutboundObject:
    """A result to be sent.

    Attributes
    ----------
    content : bytes
        A DICOM file, with identity.
    """

    delivery_id: int
    content: bytes


class Outbox:
    """Results to be sent."""

    def __init__(
        self, database: Database, spool: FileStore, schedule: Schedule | None = None
    ) -> None:
        self._database = database
        self._spool = spool
        self._schedule = schedule or Schedule()

    def due(self, peer: str) -> Sequence[OutboundObject]:
        """Due deliveries for a peer, the oldest first, no more than fit a connection."""
        with self._database.read() as session:
            found = session.execute(
                select(Delivery.id, Delivery.spool_name)
                .where(
                    Delivery.peer == peer,
                    Delivery.state == DeliveryState.WAITING,
                    Delivery.next_try <= datetime.now(UTC),
                )
                .order_by(Delivery.id)
                .limit(_AT_ONCE)
            ).all()
        return list(self._with_content(found))

    def _with_content(self, found: Iterable[tuple[int, str | None]]) -> Iterator[OutboundObject]:
        for number, name in found:
            try:
                content = self._spool.get(name) if name else None
            except FileNotFoundError:
                content = None
            if content is None:
                # One that is not there must not hold up the others.
                self._lose(number)
            else:
                yield OutboundObject(number, content)

    def _lose(self, number: int) -> None:
        with self._database.write() as session:
            found = session.get(Delivery, number)
            if found is not None:
                found.state, found.spool_name = DeliveryState.GIVEN_UP, None
                found.size_bytes, found.reason = None, "its file is missing from the spool"

    def sent(self, outbound_object: OutboundObject) -> None:
        """Mark as delivered; its bytes go."""
        with self._database.write() as session:
            found = session.get(Delivery, outbound_object.delivery_id)
            if found is None:
                return
            found.state, found.reason = DeliveryState.SENT, None
            found.attempts += 1
            name, found.spool_name = found.spool_name, None
            found.size_bytes = None
        self._spool.remove(name)

    def failed(self, outbound_object: OutboundObject, reason: str) -> None:
        """Mark as not delivered; it is tried again, until it is given up. Its bytes stay.

        Parameters
        ----------
        reason : str
            Without identity.
        """
        now = datetime.now(UTC)
        with self._database.write() as session:
            found = session.get(Delivery, outbound_object.delivery_id)
            if found is None:
                return
            found.attempts += 1
            found.reason = reason[:256]
            wait = self._schedule.wait_seconds(found.attempts)
            found.next_try = now + timedelta(seconds=wait)
            if now - found.created > self._schedule.give_up_after:
                found.state = DeliveryState.GIVEN_UP
            # Taken by an earlier version.
            found.size_bytes = found.size_bytes or len(outbound_object.content)
            state, attempts = found.state, found.attempts
        logger.warning(
            "delivery %d: attempt %d: %s; %s",
            outbound_object.delivery_id,
            attempts,
            reason,
            "given up" if state is DeliveryState.GIVEN_UP else f"again in {wait:.0f} s",
        )

    def page(
        self, states: Collection[DeliveryState], limit: int, offset: int
    ) -> tuple[list[Delivery], int]:
        """Deliveries in one of some states, the latest first, and how many there are in all.

        Parameters
        ----------
        states : collection of DeliveryState
            Empty for all.
        """
        wanted = (Delivery.state.in_(states),) if states else ()
        with self._database.read() as session:
            total = session.scalar(select(func.count()).select_from(Delivery).where(*wanted))
            found = session.scalars(
                select(Delivery)
                .where(*wanted)
                .order_by(Delivery.created.desc(), Delivery.id.desc())
                .limit(limit)
                .offset(offset)
            )
            return list(found), total or 0

    def retry(self, number: int) -> Delivery:
        """Send a waiting or given-up result now, with a new schedule.

        Parameters
        ----------
        number : int
            Of the delivery.

        Raises
        ------
        UnknownDeliveryError
        StateError
            It was delivered, or its bytes are not there.
        """
        with self._database.write() as session:
            found = _unsent(session, number)
            if found.spool_name is None or not self._spool.has(found.spool_name):
                raise StateError("The bytes of this result are no longer kept.")
            found.state, found.attempts, found.reason = DeliveryState.WAITING, 0, None
            found.created = found.next_try = datetime.now(UTC)
            return found

    def discard(self, number: int) -> None:
        """Delete what waits or was given up, with its bytes.

        Raises
        ------
        UnknownDeliveryError
        StateError
            It was delivered.
        """
        with self._database.write() as session:
            found = _unsent(session, number)
            name = found.spool_name
            session.delete(found)
        self._spool.remove(name)

    def counts(self) -> dict[str, int]:
        """Number of deliveries by state."""
        with self._database.read() as session:
            rows = session.execute(select(Delivery.state, func.count()).group_by(Delivery.state))
            return {str(state): count for state, count in rows}


def _unsent(session: Session, number: int) -> Delivery:
    found = session.get(Delivery, number, with_for_update=True)
    if found is None:
        raise UnknownDeliveryError
    if found.state is DeliveryState.SENT:
        raise StateError("This result was delivered.")
    return found
