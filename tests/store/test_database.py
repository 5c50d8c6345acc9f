"""The database's files: who can read them, what deleting leaves, why they cannot be opened."""

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import traceback
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError

from hilum.store.database import Database
from hilum.store.errors import DatabaseError

NAME = "Findable^Somebody"


def _modes(folder: Path) -> dict[str, int]:
    return {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}


@pytest.mark.parametrize("had_mode", [None, 0o644])
def test_the_files_are_their_owners_alone(tmp_path, had_mode):
    path = tmp_path / "store" / "hilum.sqlite"
    if had_mode is not None:
        Database(f"sqlite:///{path}").close()
        path.chmod(had_mode)
    database = Database(f"sqlite:///{path}")
    with database.write() as session:
        session.execute(text("CREATE TABLE note (words TEXT)"))
        assert _modes(path.parent) == dict.fromkeys(
            ("hilum.sqlite", "hilum.sqlite-wal", "hilum.sqlite-shm"), 0o600
        )
    database.close()


def test_a_deleted_row_leaves_nothing_in_the_file(tmp_path):
    path = tmp_path / "hilum.sqlite"
    database = Database(f"sqlite:///{path}")
    with database.write() as session:
        session.execute(text("CREATE TABLE note (words TEXT)"))
        session.execute(text("INSERT INTO note VALUES (:words)"), {"words": NAME * 50})
    database.close()
    assert NAME.encode() in path.read_bytes()
    database = Database(f"sqlite:///{path}")
    with database.write() as session:
        session.execute(text("DELETE FROM note"))
    database.close()

    # Closing the last connection folds the log into the file and removes it.
    assert [each.name for each in tmp_path.iterdir()] == ["hilum.sqlite"]
    assert NAME.encode() not in path.read_bytes()


def test_deleted_rows_are_in_no_file_while_the_database_is_open(tmp_path):
    database = Database(f"sqlite:///{tmp_path / 'hilum.sqlite'}")
    with database.write() as session:
        session.execute(text("CREATE TABLE note (number INTEGER PRIMARY KEY, words TEXT)"))
    for first in range(0, 300, 30):
        with database.write() as session:
            for number in range(first, first + 30):
                row = {"number": number, "words": NAME * (1 + number % 40)}
                session.execute(text("INSERT INTO note VALUES (:number, :words)"), row)
    with database.write() as session:
        session.execute(text("UPDATE note SET words = 'short' WHERE number % 3 = 0"))
        session.execute(text("DELETE FROM note WHERE number % 3 > 0"))
    assert any(NAME.encode() in each.read_bytes() for each in tmp_path.iterdir())
    database.forget_deleted()
    assert not [each.name for each in tmp_path.iterdir() if NAME.encode() in each.read_bytes()]
    database.close()


def test_an_error_of_the_database_quotes_no_value(tmp_path):
    database = Database(f"sqlite:///{tmp_path / 'hilum.sqlite'}")
    with pytest.raises(OperationalError) as caught, database.write() as session:
        session.execute(text("INSERT INTO none VALUES (:words)"), {"words": NAME})
    assert NAME not in str(caught.value)
    database.close()


def test_a_place_that_cannot_be_written_to_is_told_with_the_settings(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(DatabaseError, match="Set HILUM_STORE or HILUM_DATABASE"):
        Database(f"sqlite:///{tmp_path / 'file' / 'hilum.sqlite'}")


def test_a_file_that_is_damaged_in_the_middle_is_told_of(tmp_path):
    path = tmp_path / "hilum.sqlite"
    database = Database(f"sqlite:///{path}")
    with database.write() as session:
        session.execute(text("CREATE TABLE note (words TEXT)"))
        session.execute(text("INSERT INTO note VALUES (:words)"), [{"words": NAME * 200}] * 50)
    database.close()
    content = bytearray(path.read_bytes())
    # The header and the first pages are whole: it opens, and fails at some query later.
    content[len(content) // 2 :] = b"x" * (len(content) - len(content) // 2)
    path.write_bytes(content)
    with pytest.raises(DatabaseError, match="damaged"):
        Database(f"sqlite:///{path}")
    assert path.read_bytes() == content


def test_an_error_of_the_database_does_not_quote_the_row(tmp_path):
    database = Database(f"sqlite:///{tmp_path / 'hilum.sqlite'}")
    with pytest.raises(IntegrityError) as caught, database.write() as session:
        session.execute(text("INSERT INTO arrival (sha256) VALUES (:name)"), {"name": NAME})
    assert NAME not in str(caught.value)
    database.close()


def test_a_driver_that_is_not_installed_is_told_with_its_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(DatabaseError, match="needs psycopg, which comes with the extra 'postgres'"):
        Database("postgresql+psycopg://nobody@localhost/none")


@pytest.mark.parametrize(
    "url",
    [
        "foo",
        "foo://x",
        f"mysql://somebody:{NAME}@localhost/none",
        f"sqlite+aiosqlite:///{NAME}",
        f"postgresql+psycopg://somebody:{NAME}@localhost:{NAME}/none",
        f"sqlite://{NAME}/hilum.sqlite",
        f"sqlite:///?timeout={NAME}",
    ],
)
def test_a_url_of_no_supported_database_is_told_what_to_write(url, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DatabaseError, match=r"SQLite and PostgreSQL: write sqlite:") as caught:
        Database(url)
    assert NAME not in "".join(traceback.format_exception(caught.value))
    assert not list(tmp_path.iterdir())


def test_a_file_that_was_deleted_is_not_made_anew_by_a_later_connection(tmp_path):
    made = tmp_path / "a folder, 100 %" / "hilum.sqlite"
    database = Database(f"sqlite:///{made}")
    assert made.stat().st_size
    made.unlink()
    database.close()
    with pytest.raises(OperationalError), database.read() as session:
        session.execute(text("SELECT 1 FROM arrival"))
    database.close()
    assert not made.exists()


def _replace(path):
    copy = path.with_name("copy")
    shutil.copy(path, copy)
    copy.replace(path)


LOSSES = {"deleted": Path.unlink, "emptied": partial(os.truncate, length=0), "replaced": _replace}
LOST = [(part, how) for part in ("", "-wal") for how in LOSSES]


@pytest.fixture
def noted(tmp_path) -> Iterator[tuple[Database, Path]]:
    path = tmp_path / "hilum.sqlite"
    database = Database(f"sqlite:///{path}")
    with database.write() as session:
        session.execute(text("CREATE TABLE note (words TEXT)"))
    yield database, path
    database.close()


@pytest.mark.parametrize(("part", "how"), LOST)
@pytest.mark.parametrize("when", ["before", "while it is written to"])
def test_what_is_written_into_a_file_that_was_lost_is_an_error(noted, part, how, when):
    database, path = noted
    lose = partial(LOSSES[how], path.with_name(path.name + part))
    if when == "before":
        lose()
    with pytest.raises(OperationalError, match="the database file"):
        _note(database, lose if when != "before" else lambda: None)
    with pytest.raises(OperationalError, match="the database file"), database.read():
        pass
    assert "the database file" in database.fault()
    with pytest.raises(OperationalError, match="the database file"):
        database.forget_deleted()


@pytest.mark.parametrize("how", LOSSES)
def test_after_the_log_was_lost_a_stop_does_not_damage_the_database(noted, how):
    database, path = noted
    _note(database, lambda: None)
    database.forget_deleted()
    _note(database, lambda: None)
    LOSSES[how](path.with_name("hilum.sqlite-wal"))
    database.close()
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    # Of a log that is only hidden, SQLite has the rows.
    (count,) = connection.execute("SELECT count(*) FROM note").fetchone()
    assert count == (1 if how == "emptied" else 2)
    connection.close()


def test_a_log_that_others_write_and_empty_has_no_fault(noted):
    database, path = noted
    code = (
        "import sqlite3, sys\n"
        "connection = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
        "print(flush=True)\n"
        "for n in range(100):\n"
        "    connection.execute('INSERT INTO note VALUES (1)')\n"
        "    connection.execute('PRAGMA wal_checkpoint(TRUNCATE)')\n"
    )
    command = [sys.executable, "-c", code, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as other:
        other.stdout.read(1)
        faults = [database.fault()]
        while other.poll() is None:
            faults.append(database.fault())
    assert set(faults) == {None}
    with database.read() as session:
        assert session.execute(text("SELECT count(*) FROM note")).scalar() == 100
    assert other.returncode == 0


def test_the_log_goes_when_the_database_is_closed(noted):
    database, path = noted
    assert path.with_name("hilum.sqlite-wal").exists()
    database.close()
    assert [each.name for each in path.parent.iterdir()] == ["hilum.sqlite"]


def _note(database, interrupt):
    with database.write() as session:
        session.execute(text("INSERT INTO note VALUES ('a')"))
        interrupt()


@pytest.mark.skipif(sys.platform != "linux", reason="reads the locks of Linux")
def test_looking_at_the_file_lets_go_of_no_lock(noted):
    database, path = noted
    with database.read() as session:
        session.execute(text("SELECT * FROM note"))
        before = _locks(path)
        assert before
        assert database.fault() is None
        assert _locks(path) == before


def _locks(path):
    """This process's locks on a file, as /proc/locks has them: inode, first and last byte."""
    lines = [line.split() for line in Path("/proc/locks").read_text().splitlines()]
    inode = str(path.stat().st_ino)
    return sorted(
        line[-2:]
        for line in lines
        if line[-4] == str(os.getpid()) and line[-3].split(":")[-1] == inode
    )
