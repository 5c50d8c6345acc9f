"""Transfer of errors between processes: class, message, attributes and causes."""

import errno
import traceback
from dataclasses import dataclass
from itertools import islice
from typing import Any

from hilum.errors import HilumError
from hilum.system_faults import causes

_OPENCV_NO_MEMORY = -4


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a task has no result.

    Attributes
    ----------
    error : HilumError or None
        An error that was raised on purpose.
    name, frames : str
        Of any other: its class, and where it was raised; not its words, which may quote the file.
    is_over_memory : bool
        There was no memory left within the budget.
    """

    error: HilumError | None = None
    name: str = ""
    frames: str = ""
    is_over_memory: bool = False

    @property
    def is_expected(self) -> bool:
        """It was raised on purpose, or is of the budget."""
        return self.error is not None or self.is_over_memory


class TaskError(Exception):
    """A task failed unexpectedly; the message has only the class of the error."""


def failure_of(exc: BaseException) -> Failure:
    """Tell what another process has to know of an error."""
    if any(map(_is_over_memory, causes(exc, with_context=True))):
        return Failure(is_over_memory=True)
    if isinstance(exc, HilumError):
        return Failure(error=exc)
    frames = "".join(traceback.format_tb(exc.__traceback__))
    return Failure(name=type(exc).__name__, frames=frames)


def let_go(exc: BaseException) -> None:
    """Drop what an error holds: the frames that it came by, and with them the file.

    Parameters
    ----------
    exc : BaseException
        Its causes and contexts have frames of their own.
    """
    for each in causes(exc, with_context=True):
        traceback.clear_frames(each.__traceback__)
        each.__traceback__ = None


def reduce_error(obj: object) -> Any:
    """Pickle errors by their state: their constructors take other arguments than `args` has."""
    if not isinstance(obj, HilumError):
        return NotImplemented
    return _error, (type(obj), obj.args, dict(vars(obj)), _causes(obj))


def _error(
    kind: type[HilumError], args: tuple[Any, ...], state: dict[str, Any], causes: list[Exception]
) -> HilumError:
    error = kind.__new__(kind)
    error.args = args
    vars(error).update(state)
    for cause in causes:
        error.__cause__ = cause
    return error


def _causes(error: HilumError) -> list[Exception]:
    """The nearest cause that callers go by: an error of ours, or one of the system's."""
    for cause in islice(causes(error), 1, None):
        if isinstance(cause, HilumError):
            return [cause]
        if isinstance(cause, OSError) and cause.errno is not None:
            return [OSError(cause.errno, cause.strerror)]
    return []


def _is_over_memory(exc: BaseException) -> bool:
    if isinstance(exc, OSError):
        # Shared memory counts as a file.
        return exc.errno == errno.EFBIG
    # OpenCV has an error of its own, in a class that need not be loaded for this.
    return isinstance(exc, MemoryError) or getattr(exc, "code", None) == _OPENCV_NO_MEMORY
