"""Acceptance of an object whose UID is already known: its row, and its claim."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Select, select

from hilum.store.errors import RefusalCode, RefusedError
from hilum.store.incoming import Incoming
from hilum.store.schema import Arrival, State

REPLACED = (
    "sha256", "sop_class_uid", "study_instance_uid", "received", "origin", "spool_name",
    "size_bytes", "state", "reason", "attempts",
)  # fmt: skip
"""Columns of an arrival that change where it is taken anew."""

WITHOUT_RESULTS = (State.FAILED, State.IGNORED, State.REFUSED)
"""States of an arrival that has no results, and will have none unless somebody asks."""

_TAKEN = "An object of this SOP Instance UID was taken before, with other bytes."
# Error Comment of a C-STORE answer holds the first 64 characters.
_IN_QUARANTINE = (
    "Other bytes of this SOP Instance UID are in quarantine. Discard them (/arrivals), then "
    "send this object again."
)


@dataclass(frozen=True, slots=True)
class Claim:
    """Something to be read, by this process alone until the lease ends.

    Attributes
    ----------
    content : bytes
        With identity.
    before : mapping of str to Any or None
        Columns as they were where a caller who takes and reads it has replaced something.
    """

    arrival_id: int
    received: datetime
    content: bytes
    before: Mapping[str, Any] | None = None


def of_instance(incoming: Incoming) -> Select[Arrival]:
    """Select the arrival of the same SOP Instance UID."""
    return select(Arrival).where(Arrival.sop_instance_uid == incoming.sop_instance_uid)


def is_taken_anew(known: Arrival, incoming: Incoming, *, is_claimed: bool) -> bool:
    """Whether an object is taken though one of its name is known.

    Parameters
    ----------
    known : Arrival
        Of the same SOP Instance UID.
    is_claimed : bool
        A person asks for it, who may have read what was refused.

    Returns
    -------
    bool
        False where it is the same object, and nothing has to be done.

    Raises
    ------
    RefusedError
        It may not replace the other: there are, or will be, results of that one, or its bytes are
        kept.
    """
    if known.sha256 == incoming.sha256:
        if known.state is State.REFUSED:
            return is_claimed
        return incoming.ignored_because is None and known.state in WITHOUT_RESULTS
    if known.state not in WITHOUT_RESULTS:
        raise RefusedError(RefusalCode.DUPLICATE, _TAKEN)
    if known.spool_name is not None:
        # They were acknowledged: a person alone removes them.
        raise RefusedError(RefusalCode.DUPLICATE, _IN_QUARANTINE)
    return True


def fill(arrival: Arrival, incoming: Incoming, origin: str, name: str | None) -> None:
    """Say of a row all that is known when an object is taken.

    Parameters
    ----------
    arrival : Arrival
        New, or of the same SOP Instance UID.
    name : str or None
        Of its bytes; None where they are not kept.
    """
    if arrival.sha256 != incoming.sha256:
        # Of the same object the first moment stands: it makes the UIDs of its results.
        arrival.received, arrival.origin = datetime.now(UTC), origin
    arrival.sha256 = incoming.sha256
    arrival.sop_class_uid = incoming.sop_class_uid
    arrival.study_instance_uid = incoming.study_instance_uid
    arrival.spool_name = name
    arrival.size_bytes = len(incoming.content) if name else None
    arrival.state = State.IGNORED if incoming.ignored_because else State.ARRIVED
    arrival.reason, arrival.attempts = incoming.ignored_because, 0
    arrival.owner = arrival.leased_until = None
