"""A worker process: one task at a time, within its budget."""

import gc
import os
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hilum.isolation.budget import Budget
from hilum.isolation.channel import BrokenMessageError, Channel
from hilum.isolation.failures import Failure, failure_of, let_go
from hilum.isolation.isolation import FileContent
from hilum.isolation.memory import reserve_by
from hilum.isolation.slabs import SlabError
from hilum.system_faults import lacks_files, lacks_system_memory, system_fault

try:
    import resource
except ModuleNotFoundError:  # Windows
    resource = None  # type: ignore[assignment]

OPEN_FILES = 64
"""At most, pieces of shared memory included."""
FAULTY = 75
"""Exit code of a worker that cannot go on, by no fault of the file."""
_MESSAGES = 64 * 1024
_STATM = Path("/proc/self/statm")
_DESCRIPTORS = Path("/proc/self/fd")
_RESIDENT, _DATA = 1, 5


@dataclass(frozen=True, slots=True)
class Task:
    """A task for a worker: a function and a file's bytes.

    Attributes
    ----------
    function : callable
        Of a module.
    content : bytes-like or None
        The file; None where its descriptor comes with the task.
    size : int
        Of the file, in bytes.
    """

    function: Callable[..., Any]
    content: Any
    size: int
    args: tuple[Any, ...]
    kwargs: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of a task.

    Attributes
    ----------
    failure : Failure or None
    message_bytes : int
        How much libraries wrote to the standard streams.
    kept_bytes : int
        Memory that the worker holds above what it had before its first task.
    open_files : int
        Descriptors that the worker holds.
    """

    result: Any
    failure: Failure | None
    message_bytes: int
    kept_bytes: int
    open_files: int


def work(connection: socket.socket, budget: Budget) -> None:
    """Process tasks until the other side closes.

    Parameters
    ----------
    budget : Budget
        Of each task.
    """
    messages = _capture_messages()
    _limit(budget)
    channel = Channel(connection, budget.result_bytes)
    memory = _Memory()
    if channel.shares:
        reserve_by(channel.own.reserve)
    while True:
        channel.own.take_back_reserved()
        try:
            task, file = channel.receive()
        except (EOFError, ConnectionError):
            return
        except Exception as exc:
            if system_fault(exc) or isinstance(exc, (BrokenMessageError, SlabError)):
                os._exit(FAULTY)
            # A function that cannot be imported here, or the like.
            channel.send(_reply(memory, failure=_failure(exc)))
            continue
        try:
            # Also what is made of an error, and of the result as it is sent.
            with _timed(budget.seconds_for(task.size)):
                _answer(channel, task, file, messages, memory)
        except ConnectionError:
            return
        del task


def _answer(
    channel: Channel, task: Task, file: int | None, messages: int | None, memory: "_Memory"
) -> None:
    result, failure = _done(task, file)
    try:
        channel.send(_reply(memory, result, failure, _drained(messages)))
    except ConnectionError:
        raise
    except BaseException as exc:
        # What was found cannot be pickled, or there is no memory left to share it.
        channel.send(_reply(memory, failure=_failure(exc)))


def _reply(
    memory: "_Memory", result: Any = None, failure: Failure | None = None, message_bytes: int = 0
) -> Reply:
    return Reply(result, failure, message_bytes, memory.kept_bytes(), _open_files())


def _done(task: Task, file: int | None) -> tuple[Any, Failure | None]:
    result = failure = None
    try:
        result = task.function(_content(task, file), *task.args, **task.kwargs)
    except BaseException as exc:
        # The process's edge: it is raised on the other side.
        failure = _failure(exc)
    if failure is not None:
        # Libraries' own circles.
        gc.collect()
    return result, failure


def _failure(exc: BaseException) -> Failure:
    """Description of an error, without content of the file."""
    if lacks_files(exc) or lacks_system_memory(exc):
        # Regardless of the decoder's error: this process could not do another task either.
        os._exit(FAULTY)
    failure = failure_of(exc)
    let_go(exc)
    return failure


def _content(task: Task, file: int | None) -> bytes:
    if file is None:
        # What is shared is given back now, whatever keeps the task.
        with task.content as shared:
            return bytes(shared)
    try:
        return FileContent(file, task.size).read()
    finally:
        os.close(file)


@contextmanager
def _timed(seconds: float) -> Iterator[None]:
    """End the process by SIGPROF if the work takes longer, even inside a library."""
    if not hasattr(signal, "setitimer"):
        yield
        return
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _capture_messages() -> int | None:
    """Have what libraries write go to a pipe; what does not fit is dropped."""
    if hasattr(os, "set_blocking"):
        read, write = os.pipe()
        os.set_blocking(read, False)
        os.set_blocking(write, False)
    else:  # Windows before Python 3.12
        read, write = None, os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(write, stream)
    os.close(write)
    return read


def _drained(messages: int | None) -> int:
    """Empty the pipe and return its length; the content is discarded, as it may quote a file."""
    try:
        return 0 if messages is None else len(os.read(messages, _MESSAGES))
    except BlockingIOError:
        return 0


def _limit(budget: Budget) -> None:
    if resource is None:
        return
    # Private memory, not address space: what is shared or only reserved takes none.
    most = _statm(_DATA) + budget.memory_bytes
    for kind, limit in (
        (resource.RLIMIT_DATA, most),
        # Of files, which memory to be shared is for the system.
        (resource.RLIMIT_FSIZE, budget.result_bytes),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
    ):
        resource.setrlimit(kind, (limit, limit))


class _Memory:
    """What this process holds, and held at first."""

    def __init__(self) -> None:
        self._first_bytes = _statm(_RESIDENT)

    def kept_bytes(self) -> int:
        return _statm(_RESIDENT) - self._first_bytes


def _open_files() -> int:
    """As many as there may be where they cannot be counted for that; 0 on other systems."""
    try:
        return sum(1 for _ in _DESCRIPTORS.iterdir())
    except OSError as exc:
        return OPEN_FILES if lacks_files(exc) else 0


def _statm(field: int) -> int:
    try:
        return int(_STATM.read_bytes().split()[field]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0
