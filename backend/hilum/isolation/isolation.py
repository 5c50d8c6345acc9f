"""Interface of isolation: functions applied to file bytes in a worker or in this process."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Concatenate, ParamSpec, Protocol, TypeVar

T = TypeVar("T")
P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class FileContent:
    """Content of a file on disk, read by the process that works on it.

    Attributes
    ----------
    descriptor : int
        Of the open file.
    size : int
        In bytes.
    """

    descriptor: int
    size: int

    def read(self) -> bytes:
        """All of it."""
        found = os.pread(self.descriptor, self.size, 0)
        while len(found) < self.size:
            more = os.pread(self.descriptor, self.size - len(found), len(found))
            if not more:
                break
            found += more
        return found


Content = bytes | FileContent


class Isolation(Protocol):
    """Calls functions that work on a file's bytes."""

    def call(
        self,
        function: Callable[Concatenate[bytes, P], T],
        content: Content,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Call a function, in this process or in another.

        Parameters
        ----------
        function : callable
            Of a module, found there by its name; what it takes, returns and raises is pickled.
        content : bytes or FileContent
            Its first argument, as bytes.
        *args, **kwargs
            Its other arguments.

        Raises
        ------
        ImageTooLargeError
            It takes more time or memory than one file may.
        DecodingFailedError
            The process that it ran in ended.
        WorkersUnavailableError
            There is no process to run it in, and none can be started.
        DecodingStalledError
            It waited, or shared its processor with too many.
        WorkCancelledError
            `CANCELLATION` was cancelled.
        """

    def fault(self) -> str | None:
        """Reason why functions cannot be called now, as a sentence; None if they can."""

    def close(self) -> None:
        """End the started processes."""


class InProcess:
    """Calls functions in this process, without limits."""

    def call(
        self,
        function: Callable[Concatenate[bytes, P], T],
        content: Content,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        found = content.read() if isinstance(content, FileContent) else content
        return function(found, *args, **kwargs)

    def fault(self) -> str | None:
        """Nothing is needed."""
        return None

    def close(self) -> None:
        """Nothing was started."""


IN_PROCESS: Isolation = InProcess()
"""For training, evaluation and scripts."""
