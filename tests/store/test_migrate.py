"""A database of an earlier version is migrated with all its rows, or refused and left alone."""

import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, make_url
from sqlalchemy.exc import IntegrityError

from hilum.store import migrate
from hilum.store.database import Database
from hilum.store.errors import DatabaseError
from hilum.store.schema import Arrival, Base, HeldReading, State
from tests.store import first_schema
from tests.store.first_schema import connected, rows, run

SECOND_IN_FIRST_SCHEMA = (
    "INSERT INTO reading VALUES "
    "('r-9', 1, '2026-11-21 09:00:00', 'pneumonia', '0.2', 'ee', 'negative', 0.01)"
)
SECOND_READING = (
    "INSERT INTO reading (id, arrival_id, created) VALUES ('r-9', 1, '2026-11-21 09:00:00')"
)
NUMBERED = "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY);"


def claims(*revisions: str) -> str:
    return NUMBERED + ";".join(f"INSERT INTO alembic_version VALUES ('{r}')" for r in revisions)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(tmp_path, request) -> str:
    """Of an empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'hilum.sqlite'}"
    new_database: Callable[[], str] = request.getfixturevalue("new_database")
    return new_database()


def _definition(url: str) -> dict[str, object]:
    """What the database itself says of all its tables."""
    with connected(url) as connection:
        seen = inspect(connection)
        return {
            name: (
                [{**each, "type": str(each["type"])} for each in seen.get_columns(name)],
                sorted(seen.get_indexes(name), key=str),
                sorted(seen.get_unique_constraints(name), key=str),
                seen.get_foreign_keys(name),
                seen.get_pk_constraint(name),
            )
            for name in seen.get_table_names()
        }


def _as_now(rows: dict[str, list]) -> dict[str, list]:
    """Rows of the first schema as they are now: what was not known then is null."""
    more = {"arrival": (None,), "object": (), "delivery": (None,)}
    return {
        **{table: [(*row, *new) for row in rows[table]] for table, new in more.items()},
        "reading": [(*row[:3], None) for row in rows["reading"]],
        # Number, reading, place, model, finding, decision, verdict, probability, threshold.
        "decision": [
            (number, row[0], 0, *row[3:6], None, row[6], None, row[7], None)
            for number, row in enumerate(rows["reading"], 1)
        ],
    }


def _revisions(url: str) -> list[str]:
    with connected(url) as connection:
        return list(connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalars())


def test_a_database_without_revisions_is_migrated_with_all_its_rows(url, caplog):
    first_schema.make(url)
    before = rows(url)
    with pytest.raises(IntegrityError):
        run(url, SECOND_IN_FIRST_SCHEMA)
    Database(url).close()
    assert rows(url) == _as_now(before)
    assert _revisions(url) == ["0004"]
    assert "migrated from revision 0001 to 0004" in caplog.text
    run(url, SECOND_READING)
    database = Database(url)
    with database.read() as session:
        readings = session.get(Arrival, 1).readings
        assert {each.id for each in readings} == {"r-1", "r-9"}
        assert len(session.get(HeldReading, "r-1").objects) == 2
    database.close()


@pytest.mark.parametrize("is_old", [False, True])
def test_a_number_is_not_given_twice(url, is_old):
    if is_old:
        first_schema.make(url, has_rows=False)
    database = Database(url)
    numbers = []
    for name in ("one", "two"):
        arrival = Arrival(
            sop_instance_uid=name, sha256="", sop_class_uid="", study_instance_uid="",
            received=datetime.now(UTC), origin="stow", state=State.IGNORED,
        )  # fmt: skip
        with database.write() as session:
            session.add(arrival)
        numbers.append(arrival.id)
        with database.write() as session:
            session.delete(arrival)
    assert numbers[0] != numbers[1]
    database.close()


def test_foreign_keys_hold_after_a_migration(url):
    first_schema.make(url)
    database = Database(url)
    for orphan in (
        "INSERT INTO object VALUES (90, 'nobody', 'film', 'a/b', 'n', 1, '', '', '', '{}')",
        SECOND_READING.replace(", 1,", ", 4711,"),
        "DELETE FROM reading WHERE id = 'r-1'",
    ):
        with pytest.raises(IntegrityError), database.write() as session:
            session.connection().exec_driver_sql(orphan)
    database.close()


@pytest.mark.parametrize("is_old", [False, True])
def test_tables_are_those_of_the_models(url, is_old):
    if is_old:
        first_schema.make(url)
    Database(url).close()
    with connected(url) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_migrated_and_new_databases_are_alike(tmp_path):
    old, new = (f"sqlite:///{tmp_path / name}.sqlite" for name in ("old", "new"))
    first_schema.make(old, has_rows=False)
    Database(old).close()
    Database(new).close()
    assert _definition(old) == _definition(new)


def test_numbers_of_files_are_those_of_the_revisions_they_hold():
    config = Config()
    config.set_main_option("script_location", "hilum.store:migrations")
    scripts = ScriptDirectory.from_config(config)
    found = [script.revision for script in scripts.walk_revisions()]
    assert tuple(reversed(found)) == migrate.REVISIONS
    assert scripts.get_heads() == [migrate.REVISIONS[-1]]


@pytest.mark.parametrize(
    ("statements", "words"),
    [
        (claims("0999"), ["at revision 0999", "Upgrade Hilum"]),
        (claims("0002"), ["names revision 0002", "reading has unique (arrival_id)",
                          "reading lacks index (arrival_id)", "Restore"]),
        (claims("0001", "0002"), ["names 2 revisions", "Restore"]),
        ("DROP TABLE delivery", ["names no revision", "no table delivery", "Restore"]),
        ("DROP TABLE delivery;" + claims("0001"), ["names revision 0001", "no table delivery"]),
        ("CREATE TABLE _alembic_tmp_reading (id INTEGER);" + claims("0001"),
         ["a table _alembic_tmp_reading", "interrupted", "Restore"]),
        ("ALTER TABLE reading DROP COLUMN decision;" + claims("0001"),
         ["reading lacks column decision (not null)"]),
    ],
    ids=["newer", "says-it-is-migrated", "two-revisions", "no-table", "no-table-of-its-revision",
         "interrupted", "no-column"],
)  # fmt: skip
def test_what_cannot_be_migrated_is_refused_and_left_as_it_was(url, statements, words):
    first_schema.make(url)
    run(url, statements)
    before = _definition(url)
    with pytest.raises(DatabaseError) as caught:
        Database(url)
    assert not [each for each in words if each not in str(caught.value)], str(caught.value)
    assert "Nothing was changed" in str(caught.value)
    assert _definition(url) == before


def test_an_index_more_is_no_reason_to_refuse(url):
    first_schema.make(url)
    more = "CREATE INDEX of_an_operator ON reading (probability)"
    run(url, more)
    Database(url).close()
    Database(url).close()


def test_a_migration_that_fails_leaves_the_database_as_it_was(url, monkeypatch):
    first_schema.make(url)
    before = (_definition(url), rows(url))

    def fail(_) -> None:
        raise DatabaseError("no more room")

    # The last step, when all tables have changed.
    monkeypatch.setattr(migrate, "_check_foreign_keys", fail)
    with pytest.raises(DatabaseError, match="no more room"):
        Database(url)
    monkeypatch.undo()
    assert (_definition(url), rows(url)) == before
    Database(url).close()
    assert rows(url) == _as_now(before[1])


def test_rows_whose_parents_are_gone_stop_a_migration(tmp_path):
    url = f"sqlite:///{tmp_path / 'hilum.sqlite'}"
    first_schema.make(url)
    run(url, "DELETE FROM arrival WHERE id = 1")
    with pytest.raises(DatabaseError, match="1 rows of the database"):
        Database(url)
    assert "alembic_version" not in _definition(url)


OPENS = """
import sys
from hilum.store.database import Database
url, = sys.argv[1:]
print("ready", flush=True)
sys.stdin.readline()
Database(url).close()
print("alembic" in sys.modules)
"""


def _opening(url: str) -> subprocess.Popen[str]:
    """A process that opens a database when it is told to, and says whether it has Alembic."""
    pipe = subprocess.PIPE
    command = [sys.executable, "-c", OPENS, url]
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True)


@pytest.mark.parametrize("is_old", [False, True])
def test_processes_that_open_it_at_once_migrate_it_once(url, is_old):
    if is_old:
        first_schema.make(url)
        before = rows(url)
    processes = [_opening(url) for _ in range(2)]
    for process in processes:
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        process.stdin.write("\n")
        process.stdin.flush()
    told = [process.communicate(timeout=60)[1] for process in processes]
    assert [process.returncode for process in processes] == [0, 0], told
    assert "".join(told).count("migrated") == int(is_old)
    assert _revisions(url) == ["0004"]
    if is_old:
        assert rows(url) == _as_now(before)


def test_a_database_that_is_up_to_date_is_opened_without_alembic(tmp_path):
    url = f"sqlite:///{tmp_path / 'hilum.sqlite'}"
    Database(url).close()
    answer, log = _opening(url).communicate("\n", timeout=60)
    assert (answer, log) == ("ready\nFalse\n", "")


def test_what_is_no_database_is_refused_by_name(tmp_path):
    path = tmp_path / "hilum.sqlite"
    path.write_bytes(b"no database " * 1000)
    with pytest.raises(DatabaseError, match="no SQLite database"):
        Database(f"sqlite:///{path}")


def test_a_server_that_is_away_is_told_of_without_its_password(new_database):
    url = make_url(new_database()).set(password="secret", query={"host": "/nowhere"})
    with pytest.raises(DatabaseError, match="that the server answers") as caught:
        Database(url.render_as_string(hide_password=False))
    assert "secret" not in str(caught.value)
    assert "nowhere" not in str(caught.value)
