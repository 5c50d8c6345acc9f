"""What was acknowledged keeps its bytes until there are results, or a person discards it."""

import errno
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from unittest.mock import Mock

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from hilum.errors import HilumError
from hilum.models import Registry, RuntimeName
from hilum.pacs.statuses import comment
from hilum.store.errors import RefusalCode, RefusedError, StateError, UnknownArrivalError
from hilum.store.files import FileStore
from hilum.store.incoming import inspect_incoming
from hilum.store.processor import Processor
from hilum.store.schema import Arrival, HeldReading, Origin, State
from hilum.store.store import Store, opened
from tests.pacs import films
from tests.pacs.films import as_file, report

# Nothing looks at its pixels.
film = partial(films.film, rows=40, columns=40)
NO_ROOM = OSError(errno.ENOSPC, "No space left on device")


class SpoiltError(Exception):
    """What no code expects."""


@pytest.fixture
def store(idle_store):
    return idle_store


@pytest.fixture
def fail(monkeypatch) -> Callable[[Exception], None]:
    """Have each reading end with an error, to be tried again at once."""

    def fail_with(error: Exception) -> None:
        def read_or_raise(*_: object, **__: object) -> None:
            raise error

        monkeypatch.setattr(Processor, "read_or_raise", read_or_raise)
        for name in ("_TRY_AGAIN_SECONDS", "_ENVIRONMENT_SECONDS"):
            monkeypatch.setattr(f"hilum.store.processor.{name}", 0)

    return fail_with


def _rows(store: Store) -> list[Arrival]:
    return store.arrivals.page((), 10, 0)[0]


def _row(store: Store) -> Arrival:
    (found,) = _rows(store)
    return found


def _fail_one(store: Store, fail: Callable[[Exception], None], number: int = 0) -> Arrival:
    """An object in quarantine."""
    fail(SpoiltError())
    store.take(as_file(film(number)), Origin.C_STORE)
    while (claim := store.ingest_queue.claim()) is not None:
        store.processor.read(claim)
    found = _rows(store)[0]
    assert found.state is State.FAILED
    return found


def _names(files: FileStore) -> set[str]:
    return {path.name for path in files.folder.iterdir()}


def test_what_fails_again_and_again_keeps_its_bytes_and_a_reason(store, fail):
    failed = _fail_one(store, fail)
    assert (failed.attempts, failed.reason) == (3, "Reading it failed: SpoiltError.")
    assert not _names(store.spool)
    path = store.quarantine_files.folder / failed.spool_name
    assert path.read_bytes() == as_file(film())
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert store.quarantine.used_bytes() == failed.size_bytes == len(as_file(film()))


def _kill_its_reader(store: Store) -> None:
    """As if the process that reads had been killed, and another were started."""
    dead = subprocess.Popen([sys.executable, "-S", "-c", ""])
    dead.wait()
    with store.database.write() as session:
        held = session.scalar(select(Arrival))
        held.owner = f"{held.owner.rpartition(':')[0]}:{dead.pid}"
    store.ingest_queue.recover()


def test_what_its_process_is_killed_over_goes_to_the_quarantine(store):
    store.take(as_file(film()), Origin.C_STORE)
    for _ in range(3):
        assert store.ingest_queue.claim() is not None
        _kill_its_reader(store)
    assert store.ingest_queue.claim() is None
    killed = _row(store)
    assert (killed.state, killed.attempts, killed.reason) == (
        State.FAILED, 3, "Hilum ended 3 times while this was read."
    )  # fmt: skip
    assert store.quarantine.get(killed.spool_name) == as_file(film())


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (NO_ROOM, "no room on the disk"),
        (OperationalError("COMMIT", {}, Exception()), "the database cannot be used"),
    ],
)
def test_faults_of_the_environment_are_no_attempts(store, fail, error, words):
    fail(error)
    store.take(as_file(film()), Origin.C_STORE)
    for _ in range(5):
        assert not store.processor.read(store.ingest_queue.claim())
    waiting = _row(store)
    assert (waiting.state, waiting.attempts) == (State.ARRIVED, 0)
    assert words in waiting.reason


def test_without_a_model_objects_wait(store):
    store.take(as_file(film()), Origin.C_STORE)
    assert not store.processor.read(store.ingest_queue.claim())
    assert (_row(store).attempts, _row(store).reason) == (
        0, "It is tried again: there is no model to read with."
    )  # fmt: skip
    # And not at once.
    assert store.ingest_queue.claim() is None


def test_an_attempt_does_not_count_though_the_database_could_not_be_told(store, fail, monkeypatch):
    error = OperationalError("UPDATE", {}, Exception())
    fail(error)
    store.take(as_file(film()), Origin.C_STORE)
    claim = store.ingest_queue.claim()

    def be_away() -> None:
        raise error

    with monkeypatch.context() as away:
        away.setattr(store.database, "write", be_away)
        with pytest.raises(OperationalError):
            store.processor.read(claim)
    for attempts in (1, 2):
        with store.database.write() as session:
            session.scalar(select(Arrival)).leased_until = datetime.now(UTC) - timedelta(seconds=1)
        assert store.ingest_queue.claim() is not None
        assert _row(store).attempts == attempts


def test_a_file_that_cannot_be_opened_now_is_no_attempt(store, monkeypatch):
    store.take(as_file(film()), Origin.C_STORE)
    with monkeypatch.context() as busy:
        too_many = OSError(errno.EMFILE, os.strerror(errno.EMFILE))
        busy.setattr(store.quarantine, "get", Mock(side_effect=too_many))
        assert store.ingest_queue.claim() is None
    waiting = _row(store)
    assert (waiting.state, waiting.attempts, waiting.owner) == (State.ARRIVED, 0, None)
    assert waiting.reason == "It is tried again: too many files are open."


def test_what_an_earlier_version_had_taken_counts_once_it_failed(store, fail):
    store.take(as_file(film()), Origin.C_STORE)
    with store.database.write() as session:
        session.scalar(select(Arrival)).size_bytes = None
    fail(SpoiltError())
    while (claim := store.ingest_queue.claim()) is not None:
        store.processor.read(claim)
    assert store.quarantine.used_bytes() == len(as_file(film()))


def test_a_lost_file_holds_up_nobody(store):
    for number in (0, 1):
        store.take(as_file(film(number)), Origin.C_STORE)
    store.spool.remove(_rows(store)[1].spool_name)
    assert store.ingest_queue.claim() is None
    lost = _rows(store)[1]
    assert (lost.state, lost.size_bytes) == (State.FAILED, None)
    assert "missing" in lost.reason
    with pytest.raises(StateError, match="Send it again"):
        store.arrivals.retry(lost.id)
    assert store.ingest_queue.claim().arrival_id == _rows(store)[0].id


def test_with_a_full_quarantine_nothing_new_is_taken_and_nothing_is_dropped(
    settings, tmp_path, fail
):
    room = replace(settings, quarantine_bytes=1)
    with opened(room, Registry(tmp_path, default="none", runtime=RuntimeName.OPENVINO)) as store:
        store.take(as_file(film(1)), Origin.C_STORE)
        _fail_one(store, fail)
        assert store.counts() == {"failed": 2}
        with pytest.raises(RefusedError, match="quarantine is full") as caught:
            store.take(as_file(film(2)), Origin.C_STORE)
        assert caught.value.code is RefusalCode.OUT_OF_RESOURCES
        pulled = inspect_incoming(as_file(film(2)), settings.limits)
        with pytest.raises(RefusedError, match="quarantine is full"):
            store.ingest_queue.take_claimed(pulled, Origin.PULLED)
        # What takes no more room is acknowledged all the same.
        store.take(as_file(report()), Origin.C_STORE)
        store.take(as_file(film(0)), Origin.C_STORE)
        assert store.counts() == {"failed": 1, "ignored": 1, "arrived": 1}
        for each in _rows(store):
            store.arrivals.discard(each.id)
        store.take(as_file(film(2)), Origin.C_STORE)


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_what_was_acknowledged_after_a_backup_of_the_database_is_found_again(store, tmp_path):
    """As docs/pacs.md restores one: the files are those of later."""
    store.take(as_file(film(0)), Origin.C_STORE)
    before = _names(store.spool)
    backup = tmp_path / "backup.sqlite"
    with sqlite3.connect(store.settings.folder / "hilum.sqlite") as source:
        source.backup(sqlite3.connect(backup))
    store.take(as_file(film(1)), Origin.C_STORE)
    (later,) = _names(store.spool) - before
    store.close()
    for each in store.settings.folder.glob("hilum.sqlite*"):
        each.unlink()
    shutil.copy(backup, store.settings.folder / "hilum.sqlite")

    with opened(store.settings, store.registry) as restored:
        # Of what is no film that came, nothing was acknowledged.
        for content in (as_file(report()), as_file(film(0)), b"\x89PNG\r\n\x1a\n", b""):
            restored.spool.put(content)
        for path in restored.spool.folder.iterdir():
            os.utime(path, (0, 0))
        restored.sweep()
        assert _names(restored.spool) == before
        assert _names(restored.quarantine_files) == {later}
        assert restored.counts() == {"arrived": 1, "failed": 1}
        found = next(each for each in _rows(restored) if each.state is State.FAILED)
        assert (found.sop_instance_uid, found.origin) == (film(1).SOPInstanceUID, Origin.FOUND)
        assert "without an entry in the database" in found.reason
        assert restored.quarantine.used_bytes() == len(as_file(film(1)))
        restored.arrivals.retry(found.id)
        assert restored.counts() == {"arrived": 2}


def test_a_file_without_an_entry_stays_while_it_cannot_be_looked_at(store, monkeypatch):
    left = store.spool.put(as_file(film()))
    os.utime(store.spool.folder / left, (0, 0))
    busy = RefusedError(RefusalCode.OUT_OF_RESOURCES, "busy")
    with monkeypatch.context() as patched:
        patched.setattr("hilum.store.left_behind.inspect_incoming", Mock(side_effect=busy))
        store.sweep()
    assert _names(store.spool) == {left}
    store.sweep()
    assert store.counts() == {"failed": 1}


def test_an_object_that_cannot_be_moved_stays_where_it_is(store, fail, monkeypatch):
    def no_rename(*_: object) -> None:
        raise NO_ROOM

    with monkeypatch.context() as full:
        full.setattr(FileStore, "move", no_rename)
        failed = _fail_one(store, fail)
    assert _names(store.spool) == {failed.spool_name}
    assert store.quarantine.used_bytes() == failed.size_bytes
    store.sweep()
    assert _names(store.quarantine_files) == {failed.spool_name}
    store.arrivals.retry(failed.id)
    assert store.ingest_queue.claim().content == as_file(film())


def test_a_retry_starts_from_the_beginning(store, fail):
    failed = _fail_one(store, fail)
    store.arrivals.retry(failed.id)
    assert (_row(store).state, _row(store).attempts, _row(store).reason) == (
        State.ARRIVED, 0, None
    )  # fmt: skip
    assert store.quarantine.used_bytes() == 0
    for _ in range(3):
        store.processor.read(store.ingest_queue.claim())
    assert _row(store).state is State.FAILED
    assert _names(store.quarantine_files) == {failed.spool_name}


def test_of_two_retries_at_once_one_wins(store, fail):
    failed = _fail_one(store, fail)
    together = threading.Barrier(2)

    def retry(_: int) -> type[HilumError] | None:
        together.wait()
        try:
            store.arrivals.retry(failed.id)
        except StateError as exc:
            return type(exc)
        return None

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(retry, range(2)))
    assert set(outcomes) == {None, StateError}
    assert store.counts() == {"arrived": 1}


def test_a_discarded_object_that_is_sent_again_is_a_new_arrival(store, fail):
    failed = _fail_one(store, fail)
    store.arrivals.discard(failed.id)
    assert (_rows(store), _names(store.quarantine_files)) == ([], set())
    for act in (store.arrivals.discard, store.arrivals.retry):
        with pytest.raises(UnknownArrivalError):
            act(failed.id)
    store.take(as_file(film()), Origin.C_STORE)
    assert _row(store).id > failed.id
    assert _row(store).received > failed.received


def test_what_is_being_read_or_was_read_is_not_discarded(store):
    store.take(as_file(film()), Origin.C_STORE)
    number = _row(store).id
    claim = store.ingest_queue.claim()
    with pytest.raises(StateError, match="being read"):
        store.arrivals.discard(number)
    with pytest.raises(StateError, match="being read"):
        store.arrivals.retry(number)
    with store.database.write() as session:
        arrival = store.ingest_queue.held(session, claim)
        arrival.state = State.READ
        arrival.readings.append(HeldReading(id="r", created=datetime.now(UTC)))
    for act in (store.arrivals.discard, store.arrivals.retry):
        with pytest.raises(StateError, match="was read"):
            act(number)


def test_what_waits_and_what_was_ignored_is_discarded(store):
    for each in (film(), report(1)):
        store.take(as_file(each), Origin.C_STORE)
    ignored = store.arrivals.page((State.IGNORED,), 10, 0)
    assert ignored[1] == 1
    with pytest.raises(StateError, match="by rule"):
        store.arrivals.retry(ignored[0][0].id)
    for each in _rows(store):
        store.arrivals.discard(each.id)
    assert (store.counts(), _names(store.spool)) == ({}, set())


def _under_the_films_uid(number: int = 0):
    made = report(number)
    made.SOPInstanceUID = film(number).SOPInstanceUID
    made.file_meta.MediaStorageSOPInstanceUID = made.SOPInstanceUID
    return made


def test_a_report_under_a_films_uid_does_not_block_the_film(store):
    store.take(as_file(_under_the_films_uid()), Origin.C_STORE)
    assert _row(store).state is State.IGNORED
    store.take(as_file(film()), Origin.C_STORE)
    assert (_row(store).state, _row(store).reason) == (State.ARRIVED, None)
    assert store.ingest_queue.claim().content == as_file(film())
    # But one that waits, or is being read, is not replaced.
    for other in (as_file(_under_the_films_uid()), as_file(film(PatientID="MRN-4712"))):
        with pytest.raises(RefusedError, match="other bytes"):
            store.take(other, Origin.C_STORE)


def _refuse_one(store: Store, *, keeps: bool) -> None:
    store.take(as_file(film()), Origin.C_STORE)
    store.ingest_queue.refuse(store.ingest_queue.claim(), "no frontal chest", keeps=keeps)


def _send_other_bytes(store: Store, way: str) -> None:
    if way == "a report":
        store.take(as_file(_under_the_films_uid()), Origin.C_STORE)
    elif way == "upload":
        store.read_now(as_file(film(PatientID="MRN-4712")))
    else:
        store.take(as_file(film(PatientID="MRN-4712")), Origin(way))


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
@pytest.mark.parametrize("state", [State.FAILED, State.REFUSED])
@pytest.mark.parametrize("way", ["c-store", "stow", "pulled", "upload", "a report"])
def test_bytes_in_quarantine_are_not_replaced_by_others_of_their_uid(store, fail, state, way):
    if state is State.FAILED:
        _fail_one(store, fail)
    else:
        _refuse_one(store, keeps=True)
    before = _row(store)
    with pytest.raises(RefusedError, match="Discard them") as caught:
        _send_other_bytes(store, way)
    assert caught.value.code is RefusalCode.DUPLICATE
    # A C-STORE answer has room for 64 characters.
    assert comment(str(caught.value)).startswith(
        "Other bytes of this SOP Instance UID are in quarantine. Discard"
    )
    assert (_row(store).state, _row(store).sha256) == (state, before.sha256)
    assert store.quarantine.get(before.spool_name) == as_file(film())
    store.arrivals.discard(before.id)
    store.take(as_file(film(PatientID="MRN-4712")), Origin.STOW)
    assert store.ingest_queue.claim().content == as_file(film(PatientID="MRN-4712"))


def test_what_was_refused_and_not_kept_is_replaced(store):
    _refuse_one(store, keeps=False)
    number = _row(store).id
    mended = as_file(film(PatientID="MRN-4712"))
    store.take(mended, Origin.STOW)
    assert (_row(store).id, _row(store).attempts, _row(store).origin) == (number, 0, "stow")
    assert store.ingest_queue.claim().content == mended


def test_an_upload_that_fails_leaves_what_was_acknowledged_as_it_was(store, fail):
    failed = _fail_one(store, fail)
    columns = ("state", "reason", "spool_name", "size_bytes", "sha256", "received", "origin")
    for content, error in (
        (as_file(film()), SpoiltError),
        (as_file(film(PatientID="MRN-4712")), RefusedError),
    ):
        with pytest.raises(error):
            store.read_now(content)
        assert [getattr(_row(store), each) for each in columns] == [
            getattr(failed, each) for each in columns
        ]
        assert store.quarantine.get(failed.spool_name) == as_file(film())
        assert not _names(store.spool)
    with pytest.raises(SpoiltError):
        store.read_now(as_file(film(1)))
    assert store.counts() == {"failed": 1}


def test_a_database_in_trouble_is_told_to_the_sender_as_such(store, monkeypatch):
    def be_away() -> None:
        raise OperationalError("BEGIN", {}, Exception())

    monkeypatch.setattr(store.database, "write", be_away)
    with pytest.raises(RefusedError, match="Send it again") as caught:
        store.take(as_file(film()), Origin.C_STORE)
    assert caught.value.code is RefusalCode.OUT_OF_RESOURCES
    assert not _names(store.spool)


def test_kept_files_of_no_reading_are_swept(store):
    left, fresh = store.kept_files.put(b"left"), store.kept_files.put(b"on its way")
    os.utime(store.kept_files.folder / left, (0, 0))
    store.sweep_kept()
    assert _names(store.kept_files) == {fresh}
