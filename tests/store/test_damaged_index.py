"""A database whose pages are whole and an index of which is not."""

import sqlite3
from datetime import UTC, datetime

import pytest
from sqlalchemy.exc import DBAPIError

from hilum.api.holdings import migrate
from hilum.api.settings import Settings
from hilum.store.database import Database
from hilum.store.errors import DatabaseError
from hilum.store.ingest_queue import owners_here
from hilum.store.owners import this_process
from hilum.store.schema import Arrival, Origin, State


def test_a_damaged_index_is_told_before_the_service_starts(tmp_path):
    settings = Settings(store=tmp_path)
    path = tmp_path / "hilum.sqlite"
    database = Database(f"sqlite:///{path}")
    with database.write() as session:
        session.add(
            Arrival(
                sop_instance_uid="1.2.3",
                sha256="0" * 64,
                sop_class_uid="1.2",
                study_instance_uid="1.2.4",
                received=datetime.now(UTC),
                origin=Origin.C_STORE,
                state=State.ARRIVED,
                owner=this_process(),
                attempts=0,
            )
        )
    database.close()
    migrate(settings)
    # A row goes without its entry in the index.
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA writable_schema=ON")
    hidden = connection.execute(
        "SELECT * FROM sqlite_master WHERE name = 'ix_arrival_state'"
    ).fetchone()
    connection.execute("DELETE FROM sqlite_master WHERE name = 'ix_arrival_state'")
    connection.close()
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA writable_schema=ON")
    connection.execute("DELETE FROM arrival")
    connection.execute("INSERT INTO sqlite_master VALUES (?, ?, ?, ?, ?)", hidden)
    connection.close()

    database = Database(f"sqlite:///{path}")
    with pytest.raises(DBAPIError, match="malformed"), database.read() as session:
        owners_here(session)
    database.close()
    with pytest.raises(DatabaseError, match="The database file is damaged"):
        migrate(settings)
