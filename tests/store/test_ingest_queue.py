"""What is taken survives, and is read once, whoever dies in between."""

import io
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pydicom
import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from hilum.reporting.errors import ReportError
from hilum.reporting.forms import Format
from hilum.reporting.outputs import make
from hilum.store.errors import RefusalCode, RefusedError, UnknownReadingError
from hilum.store.files import FileStore
from hilum.store.processor import Rules
from hilum.store.schema import FILM, Arrival, HeldReading, Origin, State
from hilum.store.store import opened
from tests.pacs.films import NAMES, as_file, film

pytestmark = pytest.mark.weights
PEER = "PACS@10.0.0.1:104"
# The other database makes no difference.
ON_SQLITE = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


def _arrival(store, number=0) -> Arrival:
    with store.database.read() as session:
        wanted = film(number).SOPInstanceUID
        return session.scalar(select(Arrival).where(Arrival.sop_instance_uid == wanted))


def test_a_row_and_its_file_are_there_before_it_is_acknowledged(store):
    content = as_file(film())
    store.take(content, Origin.C_STORE)
    arrival = _arrival(store)
    path = store.spool.folder / arrival.spool_name
    assert path.read_bytes() == content
    assert path.stat().st_mode & 0o777 == 0o600
    assert store.spool.folder.stat().st_mode & 0o777 == 0o700


def test_the_same_object_by_many_ways_at_once_is_one_arrival(store):
    content = as_file(film())
    threads = [
        threading.Thread(target=store.take, args=(content, Origin.C_STORE)) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.counts() == {"arrived": 1}
    assert len(list(store.spool.folder.iterdir())) == 1


def test_file_meta_of_another_sender_makes_no_other_object(store):
    one = film()
    one.file_meta.SourceApplicationEntityTitle = "ELSEWHERE"
    store.take(as_file(film()), Origin.C_STORE)
    store.take(as_file(one), Origin.STOW)
    assert store.counts() == {"arrived": 1}


def test_other_bytes_under_the_same_uid_are_refused_and_leave_nothing(store):
    store.take(as_file(film()), Origin.C_STORE)
    with pytest.raises(RefusedError) as caught:
        store.take(as_file(film(PatientID="MRN-4712")), Origin.C_STORE)
    assert caught.value.code is RefusalCode.DUPLICATE
    assert len(list(store.spool.folder.iterdir())) == 1


def test_a_claim_is_of_one_alone_until_its_lease_ends(store):
    store.take(as_file(film()), Origin.C_STORE)
    assert store.ingest_queue.claim() is not None
    assert store.ingest_queue.claim() is None
    with store.database.write() as session:
        session.scalar(select(Arrival)).leased_until = datetime.now(UTC) - timedelta(seconds=1)
    assert store.ingest_queue.claim() is not None


def test_a_claim_of_a_process_that_is_no_more_is_taken_back_at_the_start(store):
    store.take(as_file(film()), Origin.C_STORE)
    assert store.ingest_queue.claim() is not None
    dead = _dead_process()
    with store.database.write() as session:
        held = session.scalar(select(Arrival))
        held.owner = f"{held.owner.rpartition(':')[0]}:{dead}"
    assert store.ingest_queue.claim() is None
    store.ingest_queue.recover()
    assert store.ingest_queue.claim() is not None


def _dead_process() -> int:
    import subprocess
    import sys

    done = subprocess.Popen([sys.executable, "-c", ""])
    done.wait()
    return done.pid


def test_one_whose_lease_ended_changes_nothing_when_it_comes_late(store, settings, registry):
    store.take(as_file(film()), Origin.C_STORE)
    late = store.ingest_queue.claim()
    with store.database.write() as session:
        session.scalar(select(Arrival)).owner = "elsewhere:1"
    assert store.processor.read_or_raise(late) is None
    assert store.counts() == {"arrived": 1}
    assert not list(store.kept_files.folder.iterdir())


def test_read_again_after_a_crash_the_results_are_the_same_objects(store, settings, registry):
    store.take(as_file(film()), Origin.C_STORE)
    reading = store.processor.read_or_raise(store.ingest_queue.claim())
    first = {each.kind: each.sop_instance_uid for each in store.reading(reading).objects}
    # As if the transaction had never been: it is read anew from the same bytes.
    with store.database.write() as session:
        session.delete(session.get(HeldReading, reading))
        held = session.scalar(select(Arrival))
        held.state, held.spool_name = State.ARRIVED, store.spool.put(as_file(film()))
    again = store.processor.read_or_raise(store.ingest_queue.claim())
    assert again == reading
    assert {each.kind: each.sop_instance_uid for each in store.reading(again).objects} == first


def test_what_fails_is_tried_three_times_and_again_when_it_is_sent_again(store, monkeypatch):
    monkeypatch.setattr("hilum.store.processor._TRY_AGAIN_SECONDS", 0)
    monkeypatch.setattr("hilum.store.processor.read_file", lambda *_, **__: 1 / 0)
    store.take(as_file(film()), Origin.C_STORE)
    tries = 0
    while (claim := store.ingest_queue.claim()) is not None:
        assert not store.processor.read(claim)
        tries += 1
    assert (tries, store.counts()) == (3, {"failed": 1})
    monkeypatch.undo()
    store.take(as_file(film()), Origin.C_STORE)
    assert store.processor.read(store.ingest_queue.claim())
    assert store.counts() == {"read": 1}


@ON_SQLITE
@pytest.mark.parametrize("keeps_refused", [True, False])
def test_what_is_no_chest_is_refused_and_kept_by_setting(settings, registry, keeps_refused):
    blank = film()
    blank.PixelData = bytes(len(blank.PixelData))
    rules = replace(settings.rules, keeps_refused=keeps_refused)
    with opened(replace(settings, rules=rules), registry) as store:
        store.take(as_file(blank), Origin.C_STORE)
        assert store.processor.read(store.ingest_queue.claim())
        arrival = _arrival(store)
        assert arrival.state is State.REFUSED
        assert "one colour" in arrival.reason
        assert not list(store.spool.folder.iterdir())
        kept = [path.read_bytes() for path in store.quarantine_files.folder.iterdir()]
        assert kept == [as_file(blank)] * keeps_refused
        assert arrival.size_bytes == (len(as_file(blank)) if keeps_refused else None)


@ON_SQLITE
def test_a_form_that_cannot_be_made_is_told_and_stops_no_other(settings, registry, monkeypatch):
    def fail_json(report, wanted, **options):
        if wanted is Format.JSON or report.source.header("x").PatientName == "Lindqvist^Josephine":
            raise ReportError("A value is not valid.")
        return make(report, wanted, **options)

    monkeypatch.setattr("hilum.reporting.outputs.make", fail_json)
    rules = replace(settings.rules, peers=(PEER,), sent_formats=(Format.SR, Format.SC))
    with opened(replace(settings, rules=rules), registry) as store:
        store.take(as_file(film()), Origin.C_STORE)
        reading = store.reading(store.processor.read_or_raise(store.ingest_queue.claim()))
        assert {each.kind for each in reading.objects} == {FILM, "sr"}
        assert not reading.deliveries
        assert reading.missing == [
            {"form": "json", "reason": "A value is not valid."},
            {"form": "sr", "reason": "Not sent: A value is not valid."},
            {"form": "sc", "reason": "Not sent: A value is not valid."},
        ]
        assert _arrival(store).state is State.READ


@ON_SQLITE
def test_a_reading_is_held_with_its_verdict(store):
    store.take(as_file(film(PatientAge="060Y", PatientBirthDate="")), Origin.C_STORE)
    reading = store.reading(store.processor.read_or_raise(store.ingest_queue.claim()))
    # The model is meant for children.
    (decision,) = reading.decisions
    assert (decision.finding, decision.verdict) == ("pneumonia", "outside_population")
    assert reading.missing == []


@pytest.mark.parametrize("keeps_identity", [False, True])
def test_what_stays_has_identity_by_setting_alone(settings, registry, keeps_identity):
    rules = replace(
        settings.rules, keeps_identity=keeps_identity, peers=(PEER,), held_formats=tuple(Format)
    )
    with opened(replace(settings, rules=rules), registry) as store:
        store.take(as_file(film()), Origin.C_STORE)
        reading = store.reading(store.processor.read_or_raise(store.ingest_queue.claim()))
        kept = {each.kind: store.content(each) for each in reading.objects}
        assert kept.keys() == {FILM, *(each.value for each in Format)}
        for kind in (FILM, "sr", "seg", "sc", "dicom-pdf", "fhir"):
            has_names = any(name in kept[kind] for name in NAMES)
            assert has_names is keeps_identity, kind
        # What goes back to the study it came from names the patient as the study does.
        (outbound_object,) = store.outbox.due(PEER)
        sent = pydicom.dcmread(io.BytesIO(outbound_object.content))
        held = pydicom.dcmread(io.BytesIO(kept["sr"]))
        assert str(sent.PatientName) == "Lindqvist^Josephine"
        assert sent.SOPInstanceUID == held.SOPInstanceUID
        assert sent.StudyInstanceUID == held.StudyInstanceUID == film().StudyInstanceUID
        assert {each.name for each in store.spool.folder.iterdir()} == {
            each.spool_name for each in reading.deliveries
        }


def test_a_film_with_names_burned_in_is_not_kept_as_a_picture(settings, registry):
    rules = replace(settings.rules, held_formats=tuple(Format))
    with opened(replace(settings, rules=rules), registry) as store:
        store.take(as_file(film(BurnedInAnnotation="YES")), Origin.C_STORE)
        reading = store.reading(store.processor.read_or_raise(store.ingest_queue.claim()))
        kept = {each.kind for each in reading.objects}
        assert kept == {each.value for each in Format if not each.form.shows_film}
        missing = {each["form"] for each in reading.missing if "burned into" in each["reason"]}
        assert missing == {FILM, *(each.value for each in Format if each.form.shows_film)}
        assert {"pdf", "sc", "dicom-pdf", "fhir"} <= missing


def test_what_a_crash_left_in_the_spool_is_swept_and_nothing_else(store):
    store.take(as_file(film()), Origin.C_STORE)
    needed = _arrival(store).spool_name
    left, fresh = store.spool.put(b"left"), store.spool.put(b"on its way")
    for name in (needed, left):
        os.utime(store.spool.folder / name, (0, 0))
    store.sweep()
    assert {path.name for path in store.spool.folder.iterdir()} == {needed, fresh}


@ON_SQLITE
@pytest.mark.parametrize("files", ["kept_files", "spool"])
def test_a_reading_that_cannot_be_kept_leaves_no_files(settings, registry, monkeypatch, files):
    rules = replace(settings.rules, peers=(PEER,))
    with opened(replace(settings, rules=rules), registry) as store:
        store.take(as_file(film()), Origin.C_STORE)
        full, put = getattr(store, files), FileStore.put
        room = [None] * (files == "kept_files")

        def fill_up(self: FileStore, content: bytes) -> str:
            if self is full and not room:
                raise RefusedError(RefusalCode.OUT_OF_RESOURCES, "full")
            if self is full:
                room.pop()
            return put(self, content)

        monkeypatch.setattr(FileStore, "put", fill_up)
        assert not store.processor.read(store.ingest_queue.claim())
        assert not list(store.kept_files.folder.iterdir())
        assert [each.name for each in store.spool.folder.iterdir()] == [_arrival(store).spool_name]
        assert (_arrival(store).state, _arrival(store).attempts) == (State.ARRIVED, 0)


@ON_SQLITE
@pytest.mark.parametrize("is_done", [True, False])
def test_files_stay_where_a_commit_was_done_though_its_answer_is_lost(store, monkeypatch, is_done):
    store.take(as_file(film()), Origin.C_STORE)
    claim = store.ingest_queue.claim()
    write = store.database.write

    @contextmanager
    def write_and_lose_the_answer() -> Iterator[object]:
        with write() as session:
            yield session
            if not is_done:
                raise OperationalError("COMMIT", {}, Exception())
        raise OperationalError("COMMIT", {}, Exception())

    monkeypatch.setattr(store.database, "write", write_and_lose_the_answer)
    with pytest.raises(OperationalError):
        store.processor.read_or_raise(claim)
    kept = {each.name for each in store.kept_files.folder.iterdir()}
    held = [each for reading in store.readings(9, 0) for each in store.reading(reading.id).objects]
    assert kept == {each.name for each in held}
    assert len(kept) == (3 if is_done else 0)


def test_a_deleted_reading_leaves_no_file_and_may_be_sent_again(store):
    store.take(as_file(film()), Origin.C_STORE)
    reading = store.processor.read_or_raise(store.ingest_queue.claim())
    store.delete(reading)
    assert not list(store.kept_files.folder.iterdir())
    assert store.counts() == {}
    with pytest.raises(UnknownReadingError):
        store.reading(reading)
    store.take(as_file(film()), Origin.C_STORE)
    assert store.processor.read(store.ingest_queue.claim())


def test_sessions_in_two_processes_see_a_commit_after_a_restart(settings, registry):
    with opened(settings, registry) as first:
        first.take(as_file(film()), Origin.C_STORE)
    with opened(settings, registry) as second:
        assert second.counts() == {"arrived": 1}


def test_default_rules_send_what_a_pacs_can_hold():
    assert Rules().sent_formats == (Format.SR, Format.SEG, Format.SC, Format.DICOM_PDF)
    assert not Rules().keeps_identity
