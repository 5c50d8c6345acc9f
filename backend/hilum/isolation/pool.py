"""Pool of worker processes, one file per worker at a time; if one ends, the others continue."""

import errno
import logging
import signal
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
from hilum.isolation.failures import Failure, TaskError
from hilum.isolation.hired import GoneBeforeError, Hired
from hilum.isolation.isolation import Content, FileContent
from hilum.isolation.start import Starter, starter
from hilum.isolation.worker import FAULTY, Reply, Task

logger = logging.getLogger(__name__)

T = TypeVar("T")
P = ParamSpec("P")

_STARTS = 3
_TROUBLES = 3
"""In a row; then a worker is tried before it is said that files can be decoded."""
_TRIED_BYTES = 64 * 1024
"""Minimum size of objects sent through shared memory."""
_NOTHING_LEFT = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOMEM})
_FAILED = (
    "The file could not be decoded: it made the decoder fail. Export the radiograph again, and "
    "send that."
)
_UNAVAILABLE = "No process can be started to decode the file in. Send it again later."
_FAULT = "No process can be started to decode files in."
_KEEPS_FAILING = "The processes that files are decoded in fail."


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
        self._idle: list[Hired] = []
        self._count = 0
        self._troubles = 0
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
            try:
                raise self._error(reply.failure)
            finally:
                # The error leads to this frame: no circle, which would keep the content.
                del reply, task
        result: T = reply.result
        return result

    def fault(self) -> str | None:
        with self._changed:
            is_closed = self._is_closed
        fault = None if is_closed else self._starter.fault()
        if fault is not None:
            logger.error("no worker can be started: %s", fault)
        if is_closed or fault is not None:
            return _FAULT
        return _KEEPS_FAILING if self._troubles >= _TROUBLES and not self._is_tried() else None

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
        failures, is_again = 0, False
        while failures < _STARTS:
            worker = self._taken(cancellation, is_new=is_again)
            # One that waited and has ended since is no sign that none can be started.
            is_new = worker.is_new
            try:
                with cancellation.ended_by(worker.process.kill):
                    reply = worker.asked(task, file, self._budget.wall_seconds_for(task.size))
            except BaseException as exc:
                has_begun = not isinstance(exc, GoneBeforeError)
                exit_code = self._ended(worker)
                cancellation.check()
                if self._is_closed:
                    raise WorkersUnavailableError(_UNAVAILABLE) from None
                self._note(is_trouble=True)
                if exit_code == FAULTY:
                    logger.warning("a worker ended that lacked open files or memory")
                    if is_again:
                        break
                    is_again = True
                    continue
                has_gone = isinstance(exc, (EOFError, ConnectionError))
                if not has_begun or (has_gone and exit_code is None):
                    # It ended while it waited, or with all others: not by this file.
                    failures += is_new or has_begun
                    continue
                raise self._death(exc, exit_code, task.size) from None
            self._note(is_trouble=reply.failure is not None and not reply.failure.is_expected)
            keeps = worker.may_go_on(reply) and not cancellation.is_cancelled
            self._give_back(worker, keeps=keeps)
            cancellation.check()
            return reply
        raise WorkersUnavailableError(_UNAVAILABLE)

    def _note(self, *, is_trouble: bool) -> None:
        with self._changed:
            self._troubles = self._troubles + 1 if is_trouble else 0

    def _is_tried(self) -> bool:
        """Whether a new worker, used for this test only, completes a task."""
        task = Task(bytes, PickleBuffer(bytes(_TRIED_BYTES)), _TRIED_BYTES, (), {})
        try:
            worker = Hired(self._starter.start())
        except OSError:
            return False
        try:
            reply = worker.asked(task, None, self._budget.wall_seconds_for(task.size))
        except Exception:
            logger.exception("a worker failed that was tried")
            return False
        finally:
            self._starter.end(worker.process)
        return bool(reply.result == bytes(_TRIED_BYTES))

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
        return TaskError(f"The file could not be worked on, by an error of Hilum ({failure.name}).")

    def _over_time(self, size: int) -> ImageTooLargeError:
        seconds = self._budget.seconds_for(size)
        return ImageTooLargeError(
            f"Decoding the file takes more than {seconds:.1f} s of processor time, "
            "which is the limit (HILUM_DECODE_SECONDS). Send a simpler export of the radiograph, "
            "such as PNG or uncompressed DICOM."
        )

    def _taken(self, cancellation: Cancellation, *, is_new: bool) -> Hired:
        """A worker that waits, or a new one, also in its place; else wait for one."""
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
            replaced = self._idle.pop() if self._idle else None
            if replaced is not None and not is_new:
                return replaced
            self._count += replaced is None
        try:
            if replaced is not None:
                self._starter.end(replaced.process)
            return Hired(self._starter.start())
        except BaseException as exc:
            self._forget()
            if isinstance(exc, OSError):
                logger.error("no worker can be started: %s", exc.strerror)  # noqa: TRY400
                raise WorkersUnavailableError(_UNAVAILABLE) from exc
            raise

    def _wake(self) -> None:
        with self._changed:
            self._changed.notify_all()

    def _give_back(self, worker: Hired, *, keeps: bool) -> None:
        with self._changed:
            if keeps and not self._is_closed:
                self._idle.append(worker)
                self._changed.notify()
                return
        self._ended(worker)

    def _ended(self, worker: Hired) -> int | None:
        exit_code = self._starter.end(worker.process)
        self._forget()
        return exit_code

    def _forget(self) -> None:
        with self._changed:
            self._count -= 1
            self._changed.notify()
