"""File of an SQLite database: readable by its owner only, and monitored while open."""

import os
import threading
from contextlib import suppress
from pathlib import Path
from typing import Final

from hilum.store.errors import DatabaseError

DESTROYED: Final = "the database file is damaged"
_GONE = "the database file is not there"
_UNREADABLE = "the database file cannot be read"
_ANOTHER = "the database file is another than the one that was opened"
_SQLITE = b"SQLite format 3\0"


class DatabaseFile:
    """File of an SQLite database, created if it does not exist.

    Raises
    ------
    DatabaseError
        It cannot be written to.

    Notes
    -----
    It is kept open, beside SQLite's own connections: closing any descriptor of a file takes away
    all locks that the process has on it (https://sqlite.org/howtocorrupt.html, 2.2).
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        try:
            _make_private(path)
            self._opened = path.open("rb", buffering=0)
        except OSError as exc:
            raise DatabaseError(
                f"The database file cannot be opened for writing: {exc.strerror}. Set HILUM_STORE "
                "or HILUM_DATABASE to a place that this user may write to."
            ) from exc

    def fault(self) -> str | None:
        """Describe whether it was deleted, replaced or overwritten; None if it was not.

        SQLite does not notice: it writes to a file without a name and reads cached pages.
        """
        try:
            found = self._path.stat()
        except OSError as exc:
            return _GONE if isinstance(exc, FileNotFoundError) else _UNREADABLE
        if not os.path.samestat(found, os.fstat(self._opened.fileno())):
            return _ANOTHER
        with self._lock:
            self._opened.seek(0)
            return _start_fault(self._opened.read(len(_SQLITE)))

    def close(self) -> None:
        """Let go of it, once SQLite has."""
        self._opened.close()


def closed_file_fault(path: Path) -> str | None:
    """Describe the fault of a database file that this process has not opened.

    Returns
    -------
    str or None
        A clause.
    """
    try:
        with path.open("rb") as opened:
            return _start_fault(opened.read(len(_SQLITE)))
    except OSError as exc:
        return _GONE if isinstance(exc, FileNotFoundError) else _UNREADABLE


def _start_fault(start: bytes) -> str | None:
    return None if start == _SQLITE else DESTROYED


def _make_private(path: Path) -> None:
    """Make a file that its owner alone can read, and its folder, before SQLite does."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    # Of another user's file the mode is theirs to choose.
    with suppress(PermissionError):
        path.chmod(0o600)
