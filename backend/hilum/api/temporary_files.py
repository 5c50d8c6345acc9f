"""Temporary files of uploads: limit on their number over all requests.

How many bytes they may hold together is bounded where bodies are received (`middleware`).
"""

import threading
from collections import Counter
from tempfile import SpooledTemporaryFile

from hilum.api.client_address import CLIENT
from hilum.api.problems import BUSY, ProblemError

_MOST = 256
_IN_MEMORY_BYTES = 2**20


class TemporaryFiles:
    """Makes files for uploads: in memory up to 1 MB, then on disk, where each is an open file.

    No address has more than half of those on disk.

    Parameters
    ----------
    most : int
        On disk at once.
    """

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._on_disk: Counter[str] = Counter()

    @classmethod
    def fitted(cls) -> "TemporaryFiles":
        """At most a quarter of the files that this process may open: half are for connections."""
        try:
            import resource
        except ModuleNotFoundError:
            # Windows counts no files.
            return cls()
        return cls(min(_MOST, max(2, resource.getrlimit(resource.RLIMIT_NOFILE)[0] // 4)))

    def new(self) -> "SpooledTemporaryFile[bytes]":
        """Make a file that raises `ProblemError` if it grows while too many are on disk."""
        return _CountedFile(self, CLIENT.get())

    def take(self, client: str) -> None:
        """Count one more on disk.

        Raises
        ------
        ProblemError
            There are too many.
        """
        with self._lock:
            is_full = self._on_disk.total() >= self._most
            if is_full or self._on_disk[client] >= max(1, self._most // 2):
                raise ProblemError(BUSY, "Too many uploads at once. Send it again after a second.")
            self._on_disk[client] += 1

    def give_back(self, client: str) -> None:
        """Count one less."""
        with self._lock:
            self._on_disk[client] -= 1
            if not self._on_disk[client]:
                del self._on_disk[client]


class _CountedFile(SpooledTemporaryFile[bytes]):
    """A file that is counted from when it goes to disk until it is closed."""

    def __init__(self, owner: TemporaryFiles, client: str) -> None:
        super().__init__(max_size=_IN_MEMORY_BYTES)
        self._owner = owner
        self._client = client
        self._is_counted = False

    def rollover(self) -> None:
        if not self._is_counted:
            self._owner.take(self._client)
            self._is_counted = True
        super().rollover()

    def close(self) -> None:
        super().close()
        if self._is_counted:
            self._is_counted = False
            self._owner.give_back(self._client)
