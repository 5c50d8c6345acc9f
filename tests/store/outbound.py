"""Results to be sent, of a reading that was never made."""

from datetime import UTC, datetime

from hilum.store.schema import Arrival, Delivery, DeliveryState, HeldReading, State
from hilum.store.store import Store

PEER = "PACS@10.0.0.1:104"


def put_out(store: Store, *contents: bytes, peer: str = PEER) -> None:
    """Put out files to be sent to a peer at once."""
    now = datetime.now(UTC)
    deliveries = [
        Delivery(
            kind=f"kind {number}", peer=peer, spool_name=store.spool.put(content),
            size_bytes=len(content), state=DeliveryState.WAITING, created=now, next_try=now,
        )
        for number, content in enumerate(contents)
    ]  # fmt: skip
    reading = HeldReading(
        id="r", created=now, model_name="m", model_version="1", model_sha256="ff",
        decision="positive", probability=0.5, deliveries=deliveries,
    )  # fmt: skip
    arrival = Arrival(
        sop_instance_uid="1.2", sha256="ff", sop_class_uid="1", study_instance_uid="1",
        received=now, origin="stow", state=State.READ, readings=[reading],
    )  # fmt: skip
    with store.database.write() as session:
        session.add(arrival)
