"""What is to be sent, until it is: the schedule stands in the database and outlives a restart."""

import logging
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from hilum.store.database import Database
from hilum.store.files import FileStore
from hilum.store.schema import Arrival, Delivery, DeliveryState

logger = logging.getLogger(__name__)

_AT_ONCE = 32


@dataclass(frozen=True, slots=True)
class Schedule:
    """When what failed is sent again: each time after twice as long, less up to half of it.

    Attributes
    ----------
    first_seconds, longest_seconds : float
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
    delivery_id : int
    content : bytes
        A DICOM file, with identity.
    """

    delivery_id: int
    content: bytes


class Outbox:
    """What is to be sent.

    Parameters
    ----------
    database : Database
    spool : FileStore
    schedule : Schedule
    """

    def __init__(
        self, database: Database, spool: FileStore, schedule: Schedule | None = None
    ) -> None:
        self._database = database
        self._spool = spool
        self._schedule = schedule or Schedule()

    def due(self, peer: str) -> Sequence[OutboundObject]:
        """What is to be sent to a peer now, the oldest first, no more than fit a connection.

        Parameters
        ----------
        peer : str
        """
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
        return [OutboundObject(number, self._spool.get(name)) for number, name in found if name]

    def sent(self, outbound_object: OutboundObject) -> None:
        """Mark as delivered; its bytes go."""
        with self._database.write() as session:
            found = session.get(Delivery, outbound_object.delivery_id)
            if found is None:
                return
            found.state, found.reason = DeliveryState.SENT, None
            found.attempts += 1
            name, found.spool_name = found.spool_name, None
        self._spool.remove(name)

    def failed(self, outbound_object: OutboundObject, reason: str) -> None:
        """Mark as not delivered; it is tried again, until it is given up and its bytes go.

        Parameters
        ----------
        outbound_object : OutboundObject
        reason : str
            Without identity.
        """
        now = datetime.now(UTC)
        name = None
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
                name, found.spool_name = found.spool_name, None
            state, attempts = found.state, found.attempts
        self._spool.remove(name)
        logger.warning(
            "delivery %d: attempt %d: %s; %s",
            outbound_object.delivery_id,
            attempts,
            reason,
            "given up" if state is DeliveryState.GIVEN_UP else f"again in {wait:.0f} s",
        )

    def names_in_use(self) -> set[str]:
        """Names of all files of the spool that something still needs."""
        with self._database.read() as session:
            names = {
                *session.scalars(select(Delivery.spool_name)),
                *session.scalars(select(Arrival.spool_name)),
            }
        return {name for name in names if name}

    def counts(self) -> dict[str, int]:
        """How many deliveries stand where."""
        with self._database.read() as session:
            rows = session.execute(select(Delivery.state, func.count()).group_by(Delivery.state))
            return {str(state): count for state, count in rows}
