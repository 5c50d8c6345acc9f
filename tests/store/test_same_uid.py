"""One SOP Instance UID, sent again: what is acknowledged has its bytes kept, or its results."""

import struct
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from sqlalchemy import select

from hilum.imaging import DecodeLimits
from hilum.store.errors import RefusalCode, RefusedError
from hilum.store.incoming import inspect_incoming
from hilum.store.schema import Arrival, Origin, State
from tests.pacs import films
from tests.pacs.films import as_file

film = partial(films.film, rows=40, columns=40)
FIRST, OTHER = as_file(film()), as_file(film(PatientID="MRN-4712"))
BY = [Origin.C_STORE, Origin.STOW]


@pytest.fixture
def store(idle_store):
    return idle_store


def _row(store):
    with store.database.read() as session:
        return session.scalar(select(Arrival))


def _is_taken(store, content, origin):
    """Whether it is acknowledged; it is refused as a duplicate else."""
    try:
        store.take(content, origin)
    except RefusedError as exc:
        if exc.code is not RefusalCode.DUPLICATE:
            raise
        return False
    return True


def _check_kept(store, content):
    """There is one arrival, of this object, with its bytes."""
    row = _row(store)
    assert store.counts() == {row.state: 1}
    assert row.sha256 == inspect_incoming(content, DecodeLimits()).sha256
    assert store.quarantine.get(row.spool_name) == content


def _claim(store):
    claim = store.ingest_queue.claim()
    assert claim is not None
    return claim


STATES = {
    "queued": lambda store: None,
    "being read": _claim,
    "failed": lambda store: store.ingest_queue.fail(_claim(store), "x"),
    "refused": lambda store: store.ingest_queue.refuse(_claim(store), "x", keeps=True),
}


@pytest.mark.parametrize("by", BY)
@pytest.mark.parametrize("state", STATES)
def test_other_bytes_are_refused_and_the_same_acknowledged(store, state, by):
    store.take(FIRST, Origin.C_STORE)
    STATES[state](store)
    before = _row(store)
    assert not _is_taken(store, OTHER, by)
    _check_kept(store, FIRST)
    assert (_row(store).state, _row(store).spool_name) == (before.state, before.spool_name)
    assert _is_taken(store, FIRST, by)
    _check_kept(store, FIRST)
    # Reading what failed is tried anew; what is no radiograph to be read waits for a person.
    again = State.ARRIVED if before.state is State.FAILED else before.state
    assert _row(store).state is again


@pytest.mark.parametrize("by", BY)
def test_a_film_that_is_being_read_is_closed_by_whom_it_belongs_to_when_it_comes_again(store, by):
    store.take(FIRST, Origin.C_STORE)
    claim = _claim(store)
    assert _is_taken(store, FIRST, by)
    assert store.ingest_queue.claim() is None
    store.ingest_queue.fail(claim, "x")
    _check_kept(store, FIRST)
    assert _row(store).state is State.FAILED


@pytest.mark.parametrize("by", BY)
@pytest.mark.parametrize("state", ["queued", "failed", "refused"])
def test_what_was_discarded_gives_its_uid_free(store, state, by):
    store.take(FIRST, Origin.C_STORE)
    STATES[state](store)
    store.arrivals.discard(_row(store).id)
    assert _is_taken(store, OTHER, by)
    _check_kept(store, OTHER)


@pytest.mark.parametrize("by", BY)
def test_what_is_refused_and_not_kept_gives_its_uid_free_for_other_bytes(store, by):
    store.take(FIRST, Origin.C_STORE)
    store.ingest_queue.refuse(_claim(store), "x", keeps=False)
    assert _is_taken(store, OTHER, by)
    _check_kept(store, OTHER)


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_a_file_meta_of_a_wrong_length_does_not_make_other_bytes_the_same(store):
    def with_length(content, length):
        """The group length of the file meta says something else (PS3.10 7.1)."""
        made = bytearray(content)
        struct.pack_into("<I", made, 140, length)
        return bytes(made)

    # As if all but the last pixels were file meta: these are the same.
    first, other = (with_length(each, len(each) - 164) for each in (FIRST, OTHER))
    assert first[-20:] == other[-20:]
    store.take(first, Origin.STOW)
    assert not _is_taken(store, other, Origin.STOW)
    assert _is_taken(store, FIRST, Origin.C_STORE)
    _check_kept(store, first)


def test_of_several_at_once_one_is_taken_and_all_that_are_acknowledged_are_it(store):
    contents = [as_file(film(PatientID=f"MRN-{number}")) for number in range(4)]
    for _ in range(4):
        start = threading.Barrier(8)

        def send(number, start=start):
            start.wait()
            return _is_taken(store, contents[number % 4], BY[number // 4])

        with ThreadPoolExecutor(8) as threads:
            taken = list(threads.map(send, range(8)))
        (won,) = {number % 4 for number, is_taken in enumerate(taken) if is_taken}
        assert taken == [number % 4 == won for number in range(8)]
        _check_kept(store, contents[won])
        store.arrivals.discard(_row(store).id)


def test_retried_discarded_and_sent_again_at_once_it_is_there_once_or_not_at_all(store):
    store.take(FIRST, Origin.C_STORE)
    for _ in range(6):
        store.ingest_queue.fail(_claim(store), "x")
        number, start = _row(store).id, threading.Barrier(3)

        def act(what, start=start):
            start.wait()
            try:
                return what()
            except Exception as exc:
                return type(exc).__name__

        acts = (
            partial(store.arrivals.retry, number),
            partial(store.arrivals.discard, number),
            partial(store.take, FIRST, Origin.STOW),
        )
        with ThreadPoolExecutor(3) as threads:
            told = list(threads.map(act, acts))
        assert told[2] not in ("IntegrityError", "RefusedError"), told
        if _row(store) is None:
            # Discarded after it was acknowledged: by a person.
            assert store.counts() == {}
            store.take(FIRST, Origin.C_STORE)
        _check_kept(store, FIRST)
    # No file is left over that no row names.
    assert len(list(store.spool.folder.iterdir())) == 1
    assert list(store.quarantine_files.folder.iterdir()) == []
