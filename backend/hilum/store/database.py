"""Database by its URL: transactions are on disk once committed."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, Select, create_engine, event, make_url, select
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from hilum.extras import how_to_get
from hilum.store.database_file import DESTROYED, DatabaseFile, closed_file_fault
from hilum.store.database_log import DatabaseLog
from hilum.store.errors import DatabaseError
from hilum.store.migrate import bring_up_to_date
from hilum.store.schema import Arrival

# Whoever sends waits meanwhile, and may send again.
_BUSY_SECONDS = 5
_DRIVERS = ("sqlite", "sqlite+pysqlite", "postgresql", "postgresql+psycopg")
_SILENT = "the database does not answer"
_NO_DATABASE = (
    "HILUM_DATABASE is not the URL of a database that Hilum supports. These are SQLite and "
    "PostgreSQL: write sqlite:////folder/hilum.sqlite or postgresql+psycopg://user@host/hilum, or "
    "leave it empty for an SQLite file in HILUM_STORE."
)
_DAMAGED = (
    "The database file is damaged, or is no SQLite database. Nothing was changed. Restore it from "
    "a backup, or set HILUM_STORE, and HILUM_DATABASE where it is set, to new ones. The commands "
    "are in docs/pacs.md, section Upgrades."
)


class Database:
    """Sessions of one database.

    Parameters
    ----------
    url : str
        SQLAlchemy's, of SQLite or PostgreSQL. An empty database gets its tables, an older one is
        migrated.

    Raises
    ------
    DatabaseError
        It is of another kind, damaged, newer than this version, partly migrated, or cannot be
        reached; its driver is not installed, or its folder cannot be written to.

    Notes
    -----
    An SQLite file is readable by its owner alone, and deleted rows are overwritten with zeros: they
    may hold names. Its log and index files have the same mode.

    SQLite keeps a write-ahead log, flushed at each commit (``synchronous=FULL``: with less, the
    last commits are lost with the power). A session that writes takes the lock when it begins,
    so that what it has read cannot have changed when it writes.
    """

    def __init__(self, url: str) -> None:
        options: dict[str, Any] = {}
        parsed = _parsed(url)
        is_sqlite = parsed.get_backend_name() == "sqlite"
        path = sqlite_file(url)
        if path is not None:
            parsed = _of_what_is_there(parsed, path)
        if is_sqlite:
            options["connect_args"] = {"timeout": _BUSY_SECONDS}
        try:
            # Its errors and its log would quote what is written: headers, with names in them.
            self._engine = create_engine(parsed, hide_parameters=True, **options)
        except ModuleNotFoundError as exc:
            raise DatabaseError(
                f"The database cannot be reached: {how_to_get(exc.name or parsed.drivername)}"
            ) from exc
        except (ArgumentError, ValueError):
            # Their words may quote a password.
            raise DatabaseError(_NO_DATABASE) from None
        self._file = DatabaseFile(path) if path is not None else None
        self._log: DatabaseLog | None = None
        if is_sqlite:
            event.listen(self._engine, "connect", _prepare_sqlite)
            event.listen(self._engine, "begin", _begin_sqlite)
        self._reading_engine = self._engine.execution_options(reads_only=True)
        try:
            if is_sqlite:
                _check_sound(self._reading_engine)
            bring_up_to_date(self._engine)
            if path is not None:
                self._log = self._opened_log(path)
        except BaseException:
            self.close()
            raise

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A transaction: all of it is committed at the end, or nothing."""
        self._check_file()
        with Session(self._engine, expire_on_commit=False) as session, session.begin():
            yield session
        # Before anything is acknowledged: it may have gone while this was written.
        self._check_file()

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session that only reads and blocks no other session."""
        self._check_file()
        with Session(self._reading_engine, expire_on_commit=False) as session:
            yield session

    def is_absent(self, row: Select[Any]) -> bool:
        """Whether a row certainly does not exist, after an error in a commit.

        Parameters
        ----------
        row : Select
            Finds it.
        """
        try:
            with self.read() as session:
                return session.execute(row.limit(1)).first() is None
        except SQLAlchemyError:
            return False

    def forget_deleted(self) -> None:
        """Remove deleted rows from SQLite's write-ahead log, which still contains them.

        Waits for readers. PostgreSQL keeps deleted rows until VACUUM.
        """
        if self._engine.dialect.name == "sqlite":
            self._check_file()
            # In no transaction of its own: a checkpoint inside of one is refused.
            connection = self._engine.raw_connection()
            try:
                connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
            finally:
                connection.close()

    def fault(self) -> str | None:
        """Describe why the database does not answer; None if it does."""
        fault = self._file_fault()
        if fault is not None:
            return fault
        try:
            with self.read() as session:
                session.execute(select(Arrival.id).limit(1))
        except SQLAlchemyError:
            return _SILENT
        return None

    def _check_file(self) -> None:
        fault = self._file_fault()
        if fault is not None:
            raise OperationalError(None, None, FileNotFoundError(fault))

    def _file_fault(self) -> str | None:
        faults = (each.fault() for each in (self._file, self._log) if each is not None)
        return next(filter(None, faults), None)

    def _opened_log(self, path: Path) -> DatabaseLog | None:
        """The log; None on a file system that has no memory for processes to share."""
        with self._reading_engine.connect() as connection:
            mode = connection.exec_driver_sql("PRAGMA journal_mode").scalar()
            return DatabaseLog(path) if mode == "wal" else None

    def close(self) -> None:
        """Let go of all connections."""
        log, self._log = self._log, None
        if log is not None:
            log.release()
        self._engine.dispose()
        for each in (log, self._file):
            if each is not None:
                each.close()


def sqlite_file(url: str) -> Path | None:
    """The file of an SQLite database; None for any other, or where the URL is of none.

    Parameters
    ----------
    url : str
        SQLAlchemy's.
    """
    try:
        parsed = _parsed(url)
    except DatabaseError:
        return None
    name = parsed.database
    is_file = parsed.get_backend_name() == "sqlite" and name != ":memory:"
    return Path(name) if is_file and name and not name.startswith("file:") else None


def _of_what_is_there(url: URL, file: Path) -> URL:
    """The URL by which SQLite opens a file and makes none: not after it was deleted, either."""
    database = file.absolute().as_uri()
    return url.set(database=database).update_query_dict({"mode": "rw", "uri": "true"})


def stored_database_fault(url: str) -> str | None:
    """Check a database that is not open, without changing it; describe its fault.

    Parameters
    ----------
    url : str
        SQLAlchemy's.

    Returns
    -------
    str or None
        A clause.
    """
    try:
        parsed, file = _parsed(url), sqlite_file(url)
        if file is not None:
            fault = closed_file_fault(file)
            if fault is not None:
                return fault
            parsed = _of_what_is_there(parsed, file)
        engine = create_engine(parsed, hide_parameters=True, poolclass=NullPool)
        with engine.connect() as connection:
            connection.execute(select(Arrival.id).limit(1))
        if file is not None:
            _check_sound(engine)
    except ModuleNotFoundError as exc:
        return f"the driver of the database is missing: {how_to_get(exc.name or '')}"
    except DatabaseError as exc:
        return DESTROYED if str(exc) == _DAMAGED else "HILUM_DATABASE is of no database"
    except SQLAlchemyError:
        return _SILENT
    return None


def _parsed(url: str) -> URL:
    """Parse the URL of a supported database."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        # Their words may quote a password.
        raise DatabaseError(_NO_DATABASE) from None
    if parsed.drivername not in _DRIVERS:
        raise DatabaseError(_NO_DATABASE)
    return parsed


@contextmanager
def damage_told() -> Iterator[None]:
    """Raise `DatabaseError` where SQLite comes upon damage: also of an index, at a query of it."""
    try:
        yield
    except DBAPIError as exc:
        # Further bits tell more of the same.
        number = getattr(exc.orig, "sqlite_errorcode", sqlite3.SQLITE_OK) & 0xFF
        if number in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            raise DatabaseError(_DAMAGED) from exc
        raise


def _check_sound(engine: Engine) -> None:
    """Look at all pages of an SQLite file: a damaged one may fail at any later query."""
    try:
        with engine.connect() as connection:
            found = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
    except OperationalError:
        # Locked, or no room: said where it is migrated.
        return
    except DBAPIError as exc:
        raise DatabaseError(_DAMAGED) from exc
    if found != "ok":
        raise DatabaseError(_DAMAGED)


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # Ours is the BEGIN: the driver's own would take the lock too late.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA secure_delete=ON")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    reads_only = connection.get_execution_options().get("reads_only", False)
    connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")
