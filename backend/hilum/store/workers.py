"""Threads that run due work repeatedly until stopped."""

import logging
import threading
from collections.abc import Callable
from functools import partial

from hilum.store.store import Store

logger = logging.getLogger(__name__)

_PAUSE_SECONDS = 0.5
_SWEEP_SECONDS = 60
# Their folder is large.
_SWEEP_KEPT_SECONDS = 3600


class Repeater:
    """A thread that calls a function, without a pause as long as there was something to do.

    Parameters
    ----------
    act : callable
        Says whether there was something to do.
    """

    def __init__(
        self, name: str, act: Callable[[], bool], pause_seconds: float = _PAUSE_SECONDS
    ) -> None:
        self._act = act
        self._pause_seconds = pause_seconds
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self, timeout_seconds: float = 30) -> None:
        """Finish the current work, and stop."""
        self._is_over.set()
        self._thread.join(timeout_seconds)

    def _run(self) -> None:
        while not self._is_over.is_set():
            try:
                is_busy = self._act()
            except Exception as exc:
                # The thread's edge: the database may be away for a while. Its words may quote
                # a row, so its name has to do.
                logger.error("%s: %s", self._thread.name, type(exc).__name__)  # noqa: TRY400
                is_busy = False
            if not is_busy:
                self._is_over.wait(self._pause_seconds)


class ProcessorWorkers:
    """The threads that read what arrives.

    Parameters
    ----------
    count : int
        How many.
    """

    def __init__(self, store: Store, count: int) -> None:
        self._store = store
        self._threads = [
            *(Repeater(f"processor {n}", self._read_next) for n in range(1, count + 1)),
            Repeater("sweeper", partial(_only_once, store.sweep), _SWEEP_SECONDS),
            Repeater(
                "kept files' sweeper", partial(_only_once, store.sweep_kept), _SWEEP_KEPT_SECONDS
            ),
        ]

    def start(self) -> None:
        """Release the claims of processes that no longer run, and start."""
        self._store.ingest_queue.recover()
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Let them finish what they read, and stop."""
        for thread in self._threads:
            thread.stop()

    def _read_next(self) -> bool:
        # A lease is not to run while models are loaded.
        self._store.registry.wait()
        claim = self._store.ingest_queue.claim()
        return claim is not None and self._store.processor.read(claim)


def _only_once(act: Callable[[], None]) -> bool:
    """Act, with nothing left to do before the next time."""
    act()
    return False
