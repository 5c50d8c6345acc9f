"""A database that another program keeps locked: whoever sends is told soon, and sends again."""

import contextlib
import sqlite3
import threading
import time
from collections.abc import Iterator

import pytest
from sqlalchemy import text

from hilum.pacs.stow import StoreAnswer
from hilum.store import database
from hilum.store.database import Database
from tests.pacs.films import as_file, film

pytestmark = pytest.mark.weights
_SECONDS = 0.3


@contextlib.contextmanager
def _locked(exchange) -> Iterator[None]:
    other = sqlite3.connect(exchange.store.settings.folder / "hilum.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


@pytest.fixture
def node(exchange, monkeypatch):
    monkeypatch.setattr(database, "_BUSY_SECONDS", _SECONDS)
    # Nobody else writes meanwhile.
    return exchange(processor_workers=0)


def test_a_locked_database_is_waited_for_five_seconds(tmp_path):
    made = Database(f"sqlite:///{tmp_path / 'hilum.sqlite'}")
    with made.read() as session:
        assert session.execute(text("PRAGMA busy_timeout")).scalar() == 5000
    made.close()


def test_a_migration_waits_longer_for_another(tmp_path, monkeypatch):
    monkeypatch.setattr(database, "_BUSY_SECONDS", 0.1)
    path = tmp_path / "hilum.sqlite"
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("PRAGMA journal_mode=WAL")
    other.execute("BEGIN IMMEDIATE")
    end = threading.Timer(0.5, other.execute, ["ROLLBACK"])
    end.start()
    made = Database(f"sqlite:///{path}")
    end.join()
    other.close()
    with made.read() as session:
        assert session.execute(text("PRAGMA busy_timeout")).scalar() == 100
    made.close()


def test_a_film_is_refused_for_now_and_taken_when_it_is_sent_again(node):
    sent = film(5)
    association = node.associate(sent.SOPClassUID)
    with _locked(node):
        began = time.monotonic()
        assert association.send_c_store(sent).Status == 0xA700
        assert _SECONDS <= time.monotonic() - began < 10 * _SECONDS
    assert association.send_c_store(sent).Status == 0
    association.release()


def test_files_of_one_request_wait_for_it_once(node):
    answer = StoreAnswer(node.store, "http://127.0.0.1/dicomweb")
    content = as_file(film(5, rows=64, columns=64))
    with _locked(node):
        began = time.monotonic()
        for _ in range(20):
            answer.take(content)
        assert time.monotonic() - began < 10 * _SECONDS
    assert answer.outage
    assert not answer.has_stored
