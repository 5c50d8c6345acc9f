"""Cancellation of work whose client has disconnected."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar


class WorkCancelledError(Exception):
    """The client has disconnected, so the work was cancelled."""


class Cancellation:
    """Says whether work is to be given up, and makes it end."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ends: list[Callable[[], None]] = []
        self.is_cancelled = False

    def cancel(self) -> None:
        """End the work that is at hand, and begin no more."""
        # Within the lock: what is ended afterwards may be at work for another.
        with self._lock:
            self.is_cancelled = True
            for end in self._ends:
                end()

    def check(self) -> None:
        """Raise `WorkCancelledError` if the work was cancelled."""
        if self.is_cancelled:
            raise WorkCancelledError

    @contextmanager
    def ended_by(self, end: Callable[[], None]) -> Iterator[None]:
        """Have `cancel` call a function while this lasts.

        Parameters
        ----------
        end : callable
            Called from another thread, and at once where it was cancelled already.
        """
        with self._lock:
            self._ends.append(end)
            is_late = self.is_cancelled
        try:
            if is_late:
                end()
            yield
        finally:
            with self._lock:
                self._ends.remove(end)


CANCELLATION: ContextVar[Cancellation | None] = ContextVar("cancellation", default=None)
"""Of the request that the current thread works for."""
