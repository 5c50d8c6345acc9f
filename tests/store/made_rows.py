"""Rows of objects that were never sent here, and of results that were never made."""

from datetime import UTC, datetime
from uuid import uuid4

from hilum.store.schema import (
    Arrival,
    Delivery,
    DeliveryState,
    HeldDecision,
    HeldReading,
    State,
)
from hilum.store.store import Store

PEER = "PACS@10.0.0.1:104"


def put_aside(store: Store, state: State, content: bytes | None = b"film") -> int:
    """An arrival in this state, with these bytes; its number."""
    made = Arrival(
        sop_instance_uid=f"1.2.{uuid4().int}", sha256="ff", sop_class_uid="1",
        study_instance_uid="1.2.3", received=datetime.now(UTC), origin="c-store", state=state,
        reason="as a test has it", spool_name=store.quarantine.put(content) if content else None,
        size_bytes=len(content) if content else None,
    )  # fmt: skip
    with store.database.write() as session:
        session.add(made)
    return made.id


def put_out(store: Store, *contents: bytes, peer: str = PEER) -> list[int]:
    """Put out files to be sent to a peer at once; the numbers of their deliveries."""
    now = datetime.now(UTC)
    deliveries = [
        Delivery(
            kind=f"kind {number}", peer=peer, spool_name=store.spool.put(content),
            size_bytes=len(content), state=DeliveryState.WAITING, created=now, next_try=now,
        )
        for number, content in enumerate(contents)
    ]  # fmt: skip
    decided = HeldDecision(
        place=0, model_name="m", model_version="1", model_sha256="ff", finding="pneumonia",
        decision="positive", verdict="positive", probability=0.5, threshold=0.5,
    )  # fmt: skip
    reading = HeldReading(id="r", created=now, deliveries=deliveries, decisions=[decided])
    arrival = Arrival(
        sop_instance_uid="1.2", sha256="ff", sop_class_uid="1", study_instance_uid="1",
        received=now, origin="stow", state=State.READ, readings=[reading],
    )  # fmt: skip
    with store.database.write() as session:
        session.add(arrival)
    return [each.id for each in deliveries]
