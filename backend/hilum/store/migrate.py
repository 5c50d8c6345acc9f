"""Migration of a database to the newest revision when it is opened, or refusal.

The revisions are in `hilum.store.migrations`. Alembic is imported only where there is something to
migrate: opening a database that is up to date takes no more than looking at its tables.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, create_engine, inspect, text
from sqlalchemy.exc import DBAPIError

from hilum import __version__
from hilum.store.errors import DatabaseError
from hilum.store.schema import Base
from hilum.store.table_definitions import Definitions, definitions, definitions_in, differences

if TYPE_CHECKING:
    from alembic.config import Config

logger = logging.getLogger(__name__)

_VERSIONS = Path(__file__).parent / "migrations" / "versions"
REVISIONS = tuple(sorted(path.name[:4] for path in _VERSIONS.glob("[0-9]*.py")))
"""All revisions, the oldest first. Each has a file that begins with its number."""
_FIRST, _NEWEST = REVISIONS[0], REVISIONS[-1]

_LOCK = int.from_bytes(b"hilum")
# Of SQLite, which has no lock that is waited for.
_LONGEST_MIGRATION_MS = 30_000
_COMMANDS = "The commands are in docs/pacs.md, section Upgrades."
_RESTORE = (
    "Nothing was changed. Restore the database from a backup, or set HILUM_STORE, and "
    f"HILUM_DATABASE where it is set, to new ones. {_COMMANDS}"
)


def bring_up_to_date(engine: Engine) -> None:
    """Create the tables of a database, or migrate them to the newest revision.

    All of it is one transaction. Where processes open a database at once, one of them migrates it
    and the others wait.

    Parameters
    ----------
    engine : Engine
        With the execution option `reads_only` its transactions take no lock on SQLite.

    Raises
    ------
    DatabaseError
        It cannot be migrated, or not be reached.
    """
    try:
        with engine.execution_options(reads_only=True).connect() as connection:
            if _revision(connection) == _NEWEST:
                _check_tables(connection, _NEWEST)
                return
        with _locked(engine) as connection:
            _migrate(connection)
    except DBAPIError as exc:
        # The driver's words may quote the address of the server, or a row.
        raise DatabaseError(
            f"The database cannot be opened or migrated: {type(exc.orig).__name__}. Nothing was "
            "changed. Check HILUM_DATABASE, that the server answers, that the disc has room, and "
            "that no other program keeps the database locked."
        ) from exc


@contextmanager
def _locked(engine: Engine) -> Iterator[Connection]:
    """A transaction that no other process migrates in at the same time."""
    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        is_sqlite = engine.dialect.name == "sqlite"
        if is_sqlite:
            # SQLite changes a table by making another and dropping the first, whose rows have
            # children. The pragma does nothing within a transaction.
            driver.execute("PRAGMA foreign_keys=OFF")
            (usual,) = driver.execute("PRAGMA busy_timeout").fetchone()
            driver.execute(f"PRAGMA busy_timeout={_LONGEST_MIGRATION_MS}")
        try:
            with connection.begin():
                if engine.dialect.name == "postgresql":
                    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
                yield connection
        finally:
            if is_sqlite:
                driver.execute("PRAGMA foreign_keys=ON")
                driver.execute(f"PRAGMA busy_timeout={usual}")


def _migrate(connection: Connection) -> None:
    from alembic import command

    revision = _revision(connection)
    if revision is None and not definitions_in(connection, Base.metadata.tables):
        Base.metadata.create_all(connection)
        command.stamp(_config(connection), _NEWEST)
        return
    if revision is None:
        # Made by a version that did not number its revisions.
        _check_tables(connection, _FIRST, said="names no revision")
        command.stamp(_config(connection), _FIRST)
    elif revision in REVISIONS:
        _check_tables(connection, revision)
    else:
        raise DatabaseError(
            f"The database is at revision {revision}. Hilum {__version__} knows revisions up to "
            f"{_NEWEST}: a newer Hilum has migrated it. Nothing was changed. Upgrade Hilum to that "
            f"version, or restore the backup that was made before the migration. {_COMMANDS}"
        )
    if revision != _NEWEST:
        command.upgrade(_config(connection), _NEWEST)
        _check_tables(connection, _NEWEST)
        _check_foreign_keys(connection)
        # A warning, so that it is seen where no logging is set up.
        logger.warning("database migrated from revision %s to %s", revision or _FIRST, _NEWEST)


def _revision(connection: Connection) -> str | None:
    """Revision named in the database; None if there is none."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.scalars(text("SELECT version_num FROM alembic_version")).all()
    if len(found) > 1:
        raise DatabaseError(
            f"The database names {len(found)} revisions and should name one. {_RESTORE}"
        )
    return found[0] if found else None


def _check_tables(connection: Connection, revision: str, said: str | None = None) -> None:
    found = definitions_in(connection, Base.metadata.tables)
    if differing := differences(found, _definitions_at(revision)):
        said = said or f"names revision {revision}"
        raise DatabaseError(
            f"The database {said}, but its tables are not those of revision {revision}: "
            f"{'; '.join(differing)}. A migration was interrupted, or another program has changed "
            f"the tables. {_RESTORE}"
        )


def _definitions_at(revision: str) -> Definitions:
    if revision == _NEWEST:
        return definitions(Base.metadata)
    from alembic import command

    scratch = create_engine("sqlite://")
    try:
        with scratch.begin() as connection:
            command.upgrade(_config(connection), revision)
            return definitions_in(connection, Base.metadata.tables)
    finally:
        scratch.dispose()


def _check_foreign_keys(connection: Connection) -> None:
    """Check foreign keys, which SQLite does not do during a migration."""
    if connection.dialect.name == "sqlite":
        broken = connection.execute(text("PRAGMA foreign_key_check")).all()
        if broken:
            raise DatabaseError(
                f"{len(broken)} rows of the database refer to rows that are not there. {_RESTORE}"
            )


def _config(connection: Connection) -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "hilum.store:migrations")
    config.attributes["connection"] = connection
    return config
