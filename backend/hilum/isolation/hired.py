"""A worker process as the pool sees it."""

import socket
import time

from hilum.isolation.channel import Channel
from hilum.isolation.start import Process
from hilum.isolation.worker import OPEN_FILES, Reply, Task

_TASKS = 500
_KEPT_BYTES = 192 * 2**20
"""Memory that a worker may hold above its first, its last result included; else it is replaced."""
_KEPT_FILES = OPEN_FILES // 2


class GoneBeforeError(Exception):
    """A worker ended before it had its task."""


class Hired:
    """A worker process and its state.

    Attributes
    ----------
    is_new : bool
        It has done no task.
    """

    def __init__(self, process: Process) -> None:
        self.process = process
        self._channel = Channel(process.connection)
        self._tasks = 0

    @property
    def is_new(self) -> bool:
        return not self._tasks

    def asked(self, task: Task, file: int | None, seconds: float) -> Reply:
        """What comes of a task.

        Parameters
        ----------
        file : int or None
            Descriptor of an open file to go with it.
        seconds : float
            How long an answer is waited for.

        Raises
        ------
        GoneBeforeError
        EOFError, OSError
            It has ended since, or gave no answer in time.
        """
        if not self._is_connected:
            raise GoneBeforeError
        ends = time.monotonic() + seconds
        self.process.connection.settimeout(seconds)
        try:
            self._channel.send(task, file)
        except OSError as exc:
            raise GoneBeforeError from exc
        try:
            reply: Reply = self._channel.receive(ends)[0]
        except (EOFError, OSError, MemoryError):
            raise
        except Exception as exc:
            # What it answers is not to be understood: a decoder has damaged its memory.
            raise EOFError from exc
        self._tasks += 1
        return reply

    def may_go_on(self, reply: Reply) -> bool:
        """Whether it may have another task.

        Parameters
        ----------
        reply : Reply
            Its last.
        """
        return (
            self._tasks < _TASKS
            and reply.kept_bytes < _KEPT_BYTES
            and reply.open_files < _KEPT_FILES
            and (reply.failure is None or reply.failure.is_expected)
        )

    @property
    def _is_connected(self) -> bool:
        """It has not ended while it waited."""
        connection = self.process.connection
        connection.setblocking(False)
        try:
            return bool(connection.recv(1, socket.MSG_PEEK))
        except BlockingIOError:
            return True
        except OSError:
            return False
