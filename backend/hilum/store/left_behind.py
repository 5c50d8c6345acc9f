"""Orphaned files without a row, left by a crash or a restored older database.

After a backup of the database was restored, objects that were acknowledged since then are known
by their files alone.
"""

from sqlalchemy.exc import IntegrityError

from hilum.imaging import DecodeLimits
from hilum.isolation import Isolation
from hilum.store.database import Database
from hilum.store.errors import RefusalCode, RefusedError
from hilum.store.incoming import Incoming, inspect_incoming
from hilum.store.quarantine import Quarantine
from hilum.store.schema import Arrival, Origin, State
from hilum.store.taking import WITHOUT_RESULTS, fill, of_instance

_REASON = (
    "Its file was found without an entry in the database, which may be a backup from before it "
    "came. Retry or discard it."
)


def enter_or_remove(
    name: str,
    database: Database,
    quarantine: Quarantine,
    limits: DecodeLimits,
    isolation: Isolation,
) -> None:
    """Enter a file as an object that failed, for a person to decide on, or remove it.

    It is removed where it cannot have been acknowledged, or where the database knows its object.

    Parameters
    ----------
    name : str
        Of a file in the spool or in the quarantine.
    """
    try:
        incoming = inspect_incoming(quarantine.get(name), limits, isolation=isolation)
    except FileNotFoundError:
        return
    except RefusedError as exc:
        # As at first: what is refused was not acknowledged, such as a picture that was uploaded.
        if exc.code is not RefusalCode.OUT_OF_RESOURCES:
            quarantine.remove(name)
        return
    try:
        is_entered = incoming.ignored_because is None and _is_entered(incoming, name, database)
    except IntegrityError:
        # It was sent again meanwhile, and is known at the next look.
        return
    if is_entered:
        quarantine.set_aside(name)
    else:
        quarantine.remove(name)


def _is_entered(incoming: Incoming, name: str, database: Database) -> bool:
    with database.write() as session:
        found = session.scalar(of_instance(incoming).with_for_update())
        if found is not None and (
            found.sha256 == incoming.sha256
            or found.spool_name is not None
            or found.state not in WITHOUT_RESULTS
        ):
            return False
        arrival = found or Arrival(sop_instance_uid=incoming.sop_instance_uid)
        fill(arrival, incoming, Origin.FOUND, name)
        arrival.state, arrival.reason = State.FAILED, _REASON
        session.add(arrival)
    return True
