"""An arrival with several readings: each is deleted alone, and the last one with its arrival."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from hilum.store.errors import UnknownReadingError
from hilum.store.incoming import inspect_incoming
from hilum.store.schema import FILM, Arrival, HeldObject, HeldReading, Origin, State
from tests.pacs.films import as_file, film

FIRST = datetime(2026, 11, 20, 10, tzinfo=UTC)


@pytest.fixture
def store(idle_store):
    return idle_store


def _read_twice(store) -> Arrival:
    """An arrival with the readings `earlier` and `later`, of a film each."""
    incoming = inspect_incoming(as_file(film()), store.settings.limits)
    number = store.ingest_queue.take(incoming, Origin.C_STORE)
    with store.database.write() as session:
        arrival = session.get(Arrival, number)
        store.spool.remove(arrival.spool_name)
        arrival.state, arrival.spool_name = State.READ, None
        for hours, name in enumerate(("earlier", "later")):
            arrival.readings.append(_reading(store, name, FIRST + timedelta(hours=hours)))
    return arrival


def _reading(store, name: str, created: datetime) -> HeldReading:
    kept = HeldObject(
        kind=FILM, media_type="application/dicom", name=store.kept_files.put(name.encode()),
        size_bytes=len(name), study_instance_uid="1.2", series_instance_uid="1.2.3",
        sop_instance_uid="1.2.3.4", header={},
    )  # fmt: skip
    return HeldReading(id=name, created=created, objects=[kept])


def test_one_of_two_readings_is_deleted_alone(store):
    _read_twice(store)
    store.delete("earlier")
    with pytest.raises(UnknownReadingError):
        store.reading("earlier")
    (left,) = store.reading("later").objects
    assert store.content(left) == b"later"
    assert len(list(store.kept_files.folder.iterdir())) == 1
    assert store.counts() == {"read": 1}
    # The same object sent again is not read again.
    store.take(as_file(film()), Origin.STOW)
    assert store.counts() == {"read": 1}
    assert not list(store.spool.folder.iterdir())


def test_an_arrival_goes_with_the_last_of_its_readings(store):
    _read_twice(store)
    for name in ("later", "earlier"):
        store.delete(name)
    assert store.counts() == {}
    assert not list(store.kept_files.folder.iterdir())
    store.take(as_file(film()), Origin.STOW)
    assert store.counts() == {"arrived": 1}


def test_what_was_read_twice_is_answered_by_its_latest_reading(store):
    _read_twice(store)
    assert store.read_now(as_file(film())) == ("later", False)


def test_readings_of_one_arrival_are_listed_one_by_one(store):
    arrival = _read_twice(store)
    assert [each.id for each in store.readings(10, 0)] == ["later", "earlier"]
    with store.database.read() as session:
        found = session.scalars(select(HeldReading.arrival_id)).all()
    assert found == [arrival.id, arrival.id]
