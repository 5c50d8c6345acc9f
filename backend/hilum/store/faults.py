"""Faults of the environment, which do not count as attempts to read an object."""

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from hilum.errors import BundleError, ModelChoiceError, UnknownModelError, WorkersUnavailableError
from hilum.store.errors import RefusalCode, RefusedError
from hilum.system_faults import NO_MEMORY, NO_ROOM, causes, system_fault

# The row's fault, not the database's.
_OF_A_ROW = (DataError, IntegrityError, ProgrammingError)


def environment_fault(exc: BaseException) -> str | None:
    """Describe a fault of the environment that caused an error; None for other errors.

    Returns
    -------
    str or None
        A clause without a value of the object; None where the object is at fault.
    """
    if isinstance(exc, MemoryError):
        return NO_MEMORY
    for each in causes(exc):
        if isinstance(each, (BundleError, UnknownModelError, ModelChoiceError)):
            return "there is no model to read with"
        if isinstance(each, WorkersUnavailableError):
            return "no process can be started to decode in"
        if isinstance(each, (DBAPIError, PoolTimeoutError)) and not isinstance(each, _OF_A_ROW):
            return "the database cannot be used"
        # A codec's word for a length that cannot be, where another error was made of it.
        fault = None if isinstance(each, MemoryError) else system_fault(each)
        if fault is not None:
            return fault
        if isinstance(each, RefusedError) and each.code is RefusalCode.OUT_OF_RESOURCES:
            return each.fault or NO_ROOM
    return None
