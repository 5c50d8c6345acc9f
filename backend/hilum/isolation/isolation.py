"""Where a function works on a file's bytes: the one interface of both ways."""

from collections.abc import Callable
from typing import Concatenate, ParamSpec, Protocol, TypeVar

T = TypeVar("T")
P = ParamSpec("P")


class Isolation(Protocol):
    """Calls functions that work on a file's bytes."""

    def call(
        self,
        function: Callable[Concatenate[bytes, P], T],
        content: bytes,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Call a function, in this process or in another.

        Parameters
        ----------
        function : callable
            Of a module, found there by its name; what it takes, returns and raises is pickled.
        content : bytes
            Its first argument.
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
        WorkCancelledError
            `CANCELLATION` was cancelled.
        """

    def close(self) -> None:
        """End what was started."""


class InProcess:
    """Calls functions where they are called from, without limits of its own."""

    def call(
        self,
        function: Callable[Concatenate[bytes, P], T],
        content: bytes,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        return function(content, *args, **kwargs)

    def close(self) -> None:
        """Nothing was started."""


IN_PROCESS: Isolation = InProcess()
"""For training, evaluation and scripts."""
