"""Number of files that are being read: a single one may use all cores."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class ReadingsInProgress:
    """Counts the files that threads of this process are reading."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._count = 0

    @contextmanager
    def counted(self) -> Iterator[None]:
        """Count a file while it is read; also a decorator of a function that reads one."""
        with self._lock:
            self._count += 1
        try:
            yield
        finally:
            with self._lock:
                self._count -= 1

    @property
    def is_single(self) -> bool:
        """Whether exactly one file is being read."""
        return self._count == 1


READINGS = ReadingsInProgress()
"""Of this process."""
