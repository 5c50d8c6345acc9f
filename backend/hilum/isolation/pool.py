"""Worker processes, each for one file at a time; one that ends takes no other with it."""

import errno
import logging
import signal
import socket
import threading
from collections.abc import Callable
from pickle import PickleBuffer
from typing import Concatenate, ParamSpec, TypeVar

from hilum.errors import (
    DecodingFailedError,
    DecodingStalledError,
    ImageTooLargeError,
    WorkersUnavailableError,
)
from hilum.isolation.budget import Budget
from hilum.isolation.cancellation import CANCELLATION, Cancellation
from hilum.isolation.channel import Channel
from hilum.isolation.failures import Failure, TaskError
from hilum.isolation.isolation import Content, FileContent
from hilum.isolation.start import Process, Starter, starter
from hilum.isolation.worker import Reply, Task

logger = logging.getLogger(__name__)

T = TypeVar("T")
P = ParamSpec("P")

_TASKS_PER_WORKER = 500
_KEPT_BYTES = 192 * 2**20
"""Memory that a worker may hold above its first, its last result included; else it is replaced."""
_STARTS = 3
_NOTHING_LEFT = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOMEM})
_FAILED = (
    "The file could not be decoded: it made the decoder fail. Export the radiograph again, and "
    "send that."
)
_UNAVAILABLE = "No process can be started to decode the file in. Send it again later."
_FAULT = "No process can be started to decode files in."


class _Worker:
    """A worker process and what is known of it."""

    def __init__(self, process: Process) -> None:
        self.process = process
        self.channel = Channel(process.connection)
        self.tasks = 0

    @property
    def is_connected(self) -> bool:
        """It has not ended while it waited."""
        connection = self.process.connection
        connection.setblocking(False)
        try:
            return bool(connection.recv(1, socket.MSG_PEEK))
        except BlockingIOError:
            return True
        except OSError:
            return False

    def took(self, reply: Reply) -> bool:
        """Note that it has done a task; whether it may have another."""
        self.tasks += 1
        return self.tasks < _TASKS_PER_WORKER and reply.kept_bytes < _KEPT_BYTES


class WorkerPool:
    """Calls functions in worker processes; see `hilum.isolation.Isolation`.

    Parameters
    ----------
    count : int
        Workers at most; more calls wait.
    budget : Budget
        Of each call.
    """

    def __init__(
        self, count: int, budget: Budget | None = None, start_by: Starter | None = None
    ) -> None:
        self._budget = budget or Budget()
        self._starter = start_by or starter(self._budget)
        self._most = count
        self._changed = threading.Condition()
        self._idle: list[_Worker] = []
        self._count = 0
        self._is_closed = False

    def prepare(self) -> None:
        """Begin to load the libraries of the workers, without waiting for it."""
        self._starter.prepare()

    def call(
        self,
        function: Callable[Concatenate[bytes, P], T],
        content: Content,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        cancellation = CANCELLATION.get() or Cancellation()
        if isinstance(content, FileContent) and not self._starter.passes_files:
            content = content.read()
        if isinstance(content, FileContent):
            task, file = Task(function, None, content.size, args, kwargs), content.descriptor
        else:
            task, file = Task(function, PickleBuffer(content), len(content), args, kwargs), None
        reply = self._reply(task, file, cancellation)
        if reply.message_bytes:
            logger.warning("libraries wrote %d bytes at a file (not shown)", reply.message_bytes)
        if reply.failure is not None:
            raise self._error(reply.failure)
        result: T = reply.result
        return result

    def fault(self) -> str | None:
        with self._changed:
            is_closed = self._is_closed
        fault = None if is_closed else self._starter.fault()
        if fault is not None:
            logger.error("no worker can be started: %s", fault)
        return _FAULT if is_closed or fault is not None else None

    def close(self) -> None:
        """End the workers; those that are at work end with their task."""
        with self._changed:
            self._is_closed = True
            idle, self._idle = self._idle, []
            self._count -= len(idle)
            self._changed.notify_all()
        for worker in idle:
            self._starter.end(worker.process)
        self._starter.close()

    @property
    def worker_numbers(self) -> list[int]:
        """Process ids of the workers that wait for a task."""
        with self._changed:
            return [worker.process.number for worker in self._idle]

    def _reply(self, task: Task, file: int | None, cancellation: Cancellation) -> Reply:
        failures = 0
        while failures < _STARTS:
            worker = self._taken(cancellation)
            # One that waited and has ended since is no sign that none can be started.
            is_new = not worker.tasks
            try:
                with cancellation.ended_by(worker.process.kill):
                    reply = self._asked(worker, task, file)
            except BaseException as exc:
                has_begun = not isinstance(exc, _GoneBeforeError)
                exit_code = self._ended(worker)
                cancellation.check()
                if self._is_closed:
                    raise WorkersUnavailableError(_UNAVAILABLE) from None
                has_gone = isinstance(exc, (EOFError, ConnectionError))
                if not has_begun or (has_gone and exit_code is None):
                    # It ended while it waited, or with all others: not by this file.
                    failures += is_new or has_begun
                    continue
                raise self._death(exc, exit_code, task.size) from None
            self._give_back(worker, keeps=worker.took(reply) and not cancellation.is_cancelled)
            cancellation.check()
            return reply
        raise WorkersUnavailableError(_UNAVAILABLE)

    def _asked(self, worker: _Worker, task: Task, file: int | None) -> Reply:
        if not worker.is_connected:
            raise _GoneBeforeError
        worker.process.connection.settimeout(self._budget.wall_seconds_for(task.size))
        try:
            worker.channel.send(task, file)
        except OSError as exc:
            raise _GoneBeforeError from exc
        try:
            reply: Reply = worker.channel.receive()[0]
        except (EOFError, OSError, MemoryError):
            raise
        except Exception as exc:
            # What it answers is not to be understood: a decoder has damaged its memory.
            raise EOFError from exc
        return reply

    def _death(self, exc: BaseException, exit_code: int | None, size: int) -> BaseException:
        if isinstance(exc, TimeoutError):
            seconds = self._budget.wall_seconds_for(size)
            logger.warning("a worker was ended that had no answer after %.0f s", seconds)
            return DecodingStalledError(
                f"Decoding the file was given up after {seconds:.0f} s: this machine is too busy, "
                "or the decoder waits for something. Send it again later."
            )
        if not isinstance(exc, (EOFError, OSError)):
            return exc
        if isinstance(exc, OSError) and exc.errno in _NOTHING_LEFT:
            return WorkersUnavailableError(_UNAVAILABLE)
        if exit_code == -getattr(signal, "SIGPROF", 0):
            return self._over_time(size)
        logger.warning("a worker ended at a file, exit code %s", exit_code)
        return DecodingFailedError(_FAILED)

    def _error(self, failure: Failure) -> Exception:
        if failure.is_over_memory:
            limit = self._budget.memory_bytes / 2**20
            return ImageTooLargeError(
                f"Decoding the file takes more than {limit:.0f} MB of memory, which is the limit "
                "(HILUM_DECODE_MEMORY_MB). Send a smaller export of the radiograph."
            )
        if failure.error is not None:
            return failure.error
        logger.error("a task failed in a worker: %s\n%s", failure.name, failure.frames)
        return TaskError(failure.name)

    def _over_time(self, size: int) -> ImageTooLargeError:
        seconds = self._budget.seconds_for(size)
        return ImageTooLargeError(
            f"Decoding the file takes more than {seconds:.1f} s of processor time, "
            "which is the limit (HILUM_DECODE_SECONDS). Send a simpler export of the radiograph, "
            "such as PNG or uncompressed DICOM."
        )

    def _taken(self, cancellation: Cancellation) -> _Worker:
        """A worker that waits, or a new one; else wait for one."""
        with cancellation.ended_by(self._wake), self._changed:
            self._changed.wait_for(
                lambda: (
                    self._idle
                    or self._count < self._most
                    or cancellation.is_cancelled
                    or self._is_closed
                )
            )
            cancellation.check()
            if self._is_closed:
                raise WorkersUnavailableError(_UNAVAILABLE)
            if self._idle:
                return self._idle.pop()
            self._count += 1
        try:
            return _Worker(self._starter.start())
        except BaseException as exc:
            self._forget()
            if isinstance(exc, OSError):
                logger.error("no worker can be started: %s", exc.strerror)  # noqa: TRY400
                raise WorkersUnavailableError(_UNAVAILABLE) from exc
            raise

    def _wake(self) -> None:
        with self._changed:
            self._changed.notify_all()

    def _give_back(self, worker: _Worker, *, keeps: bool) -> None:
        with self._changed:
            if keeps and not self._is_closed:
                self._idle.append(worker)
                self._changed.notify()
                return
        self._ended(worker)

    def _ended(self, worker: _Worker) -> int | None:
        exit_code = self._starter.end(worker.process)
        self._forget()
        return exit_code

    def _forget(self) -> None:
        with self._changed:
            self._count -= 1
            self._changed.notify()


class _GoneBeforeError(Exception):
    """A worker ended before it had its task."""
