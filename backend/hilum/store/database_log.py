"""Write-ahead log of an SQLite database, monitored while the database is open."""

import os
import sqlite3
import struct
import threading
from io import FileIO
from pathlib import Path
from typing import Final

from hilum.store.errors import DatabaseError

_GONE: Final = "the write-ahead log of the database file is not there"
_UNREADABLE: Final = "the write-ahead log of the database file cannot be read"
_ANOTHER: Final = "the write-ahead log of the database file is another than the one that was opened"
_DAMAGED: Final = "the write-ahead log of the database file is damaged"

_INDEX = struct.Struct("=14xHI12x8s")
"""Size of a page, number of frames and salt in the index of the log, in the machine's order of
bytes (https://sqlite.org/walformat.html, 2.1)."""
# The log itself: https://sqlite.org/fileformat2.html, 4.1.
_LOG_HEADER_BYTES = 32
_FRAME_HEADER_BYTES = 24
_SALT = slice(16, 24)


class DatabaseLog:
    """The log of a database that this process has opened.

    Parameters
    ----------
    path : Path
        Of the database.

    Raises
    ------
    DatabaseError
        It cannot be opened.

    Notes
    -----
    SQLite deletes the log when the last connection is closed, and makes another later: one is kept.
    It cannot write, and copies nothing into the database where it is closed as the last.

    The log and its index are kept open, too; see `DatabaseFile`.
    """

    def __init__(self, path: Path) -> None:
        self._path = path.with_name(f"{path.name}-wal")
        self._lock = threading.Lock()
        address = f"{path.absolute().as_uri()}?mode=ro"
        self._connection = sqlite3.connect(address, uri=True, check_same_thread=False)
        try:
            # SQLite opens the log when it reads.
            self._connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            self._log = self._path.open("rb", buffering=0)
            self._index = path.with_name(f"{path.name}-shm").open("rb", buffering=0)
        except (OSError, sqlite3.Error) as exc:
            self._connection.close()
            raise DatabaseError(
                f"The write-ahead log of the database cannot be opened: {type(exc).__name__}. "
                "Check that no other program changes files of HILUM_STORE, then start again."
            ) from exc

    def fault(self) -> str | None:
        """Describe whether it was deleted, replaced or overwritten; None if it was not.

        SQLite does not notice: it writes to a file without a name, and copies zeros into the
        database in place of the part that was cut off.
        """
        try:
            found = self._path.stat()
        except OSError as exc:
            return _GONE if isinstance(exc, FileNotFoundError) else _UNREADABLE
        if not os.path.samestat(found, os.fstat(self._log.fileno())):
            return _ANOTHER
        return _DAMAGED if self._is_damaged() else None

    def release(self) -> None:
        """Let go of the connection, before SQLite's others: the last one empties a sound log."""
        if not self._is_damaged():
            self._connection.close()

    def close(self) -> None:
        """Let go of it, once SQLite has."""
        self._connection.close()
        self._log.close()
        self._index.close()

    def _is_damaged(self) -> bool:
        """Whether it is shorter than its index states, or has a wrong beginning."""
        while True:
            index = self._start(self._index, _INDEX.size)
            start = self._start(self._log, _LOG_HEADER_BYTES)
            size = os.fstat(self._log.fileno()).st_size
            # Others write meanwhile, and empty it.
            if self._start(self._index, _INDEX.size) == index:
                break
        page: int
        frames: int
        page, frames, salt = _INDEX.unpack(index)
        # A size of 64 KiB is written as 1.
        page = page & 0xFFFE | (page & 1) << 16
        is_short = size < _LOG_HEADER_BYTES + frames * (_FRAME_HEADER_BYTES + page)
        return frames > 0 and (is_short or start[_SALT] != bytes(salt))

    def _start(self, file: FileIO, size: int) -> bytes:
        with self._lock:
            file.seek(0)
            return file.read(size)
