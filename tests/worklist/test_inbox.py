"""What is taken survives, and is read once, whoever dies in between."""

import io
import os
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pydicom
import pytest
from sqlalchemy import select

from hilum.reporting.formats import Format
from hilum.worklist.desk import Rules
from hilum.worklist.errors import RefusalCode, RefusedError, UnknownReadingError
from hilum.worklist.inbox import Origin
from hilum.worklist.schema import FILM, Arrival, HeldReading, State
from hilum.worklist.worklist import opened
from tests.pacs.films import NAMES, as_file, film

pytestmark = pytest.mark.realdata
PEER = "PACS@10.0.0.1:104"


def _arrival(worklist, number=0) -> Arrival:
    with worklist.database.read() as session:
        wanted = film(number).SOPInstanceUID
        return session.scalar(select(Arrival).where(Arrival.sop_instance_uid == wanted))


def test_a_row_and_its_file_are_there_before_it_is_acknowledged(worklist):
    content = as_file(film())
    worklist.take(content, Origin.C_STORE)
    arrival = _arrival(worklist)
    path = worklist.spool.folder / arrival.spool_name
    assert path.read_bytes() == content
    assert path.stat().st_mode & 0o777 == 0o600
    assert worklist.spool.folder.stat().st_mode & 0o777 == 0o700


def test_the_same_object_by_many_ways_at_once_is_one_arrival(worklist):
    content = as_file(film())
    threads = [
        threading.Thread(target=worklist.take, args=(content, Origin.C_STORE)) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert worklist.counts() == {"arrived": 1}
    assert len(list(worklist.spool.folder.iterdir())) == 1


def test_file_meta_of_another_sender_makes_no_other_object(worklist):
    one = film()
    one.file_meta.SourceApplicationEntityTitle = "ELSEWHERE"
    worklist.take(as_file(film()), Origin.C_STORE)
    worklist.take(as_file(one), Origin.STOW)
    assert worklist.counts() == {"arrived": 1}


def test_other_bytes_under_the_same_uid_are_refused_and_leave_nothing(worklist):
    worklist.take(as_file(film()), Origin.C_STORE)
    with pytest.raises(RefusedError) as caught:
        worklist.take(as_file(film(PatientID="MRN-4712")), Origin.C_STORE)
    assert caught.value.code is RefusalCode.DUPLICATE
    assert len(list(worklist.spool.folder.iterdir())) == 1


def test_a_claim_is_of_one_alone_until_its_lease_ends(worklist):
    worklist.take(as_file(film()), Origin.C_STORE)
    assert worklist.inbox.claim() is not None
    assert worklist.inbox.claim() is None
    with worklist.database.write() as session:
        session.scalar(select(Arrival)).leased_until = datetime.now(UTC) - timedelta(seconds=1)
    assert worklist.inbox.claim() is not None


def test_a_claim_of_a_process_that_is_no_more_is_taken_back_at_the_start(worklist):
    worklist.take(as_file(film()), Origin.C_STORE)
    assert worklist.inbox.claim() is not None
    dead = _dead_process()
    with worklist.database.write() as session:
        held = session.scalar(select(Arrival))
        held.owner = f"{held.owner.rpartition(':')[0]}:{dead}"
    assert worklist.inbox.claim() is None
    worklist.inbox.recover()
    assert worklist.inbox.claim() is not None


def _dead_process() -> int:
    import subprocess
    import sys

    done = subprocess.Popen([sys.executable, "-c", ""])
    done.wait()
    return done.pid


def test_one_whose_lease_ended_changes_nothing_when_it_comes_late(worklist, settings, registry):
    worklist.take(as_file(film()), Origin.C_STORE)
    late = worklist.inbox.claim()
    with worklist.database.write() as session:
        session.scalar(select(Arrival)).owner = "elsewhere:1"
    assert worklist.desk.read_or_raise(late) is None
    assert worklist.counts() == {"arrived": 1}
    assert not list(worklist.shelf.folder.iterdir())


def test_read_again_after_a_crash_the_results_are_the_same_objects(worklist, settings, registry):
    worklist.take(as_file(film()), Origin.C_STORE)
    reading = worklist.desk.read_or_raise(worklist.inbox.claim())
    first = {each.kind: each.sop_instance_uid for each in worklist.reading(reading).objects}
    # As if the transaction had never been: it is read anew from the same bytes.
    with worklist.database.write() as session:
        session.delete(session.get(HeldReading, reading))
        held = session.scalar(select(Arrival))
        held.state, held.spool_name = State.ARRIVED, worklist.spool.put(as_file(film()))
    again = worklist.desk.read_or_raise(worklist.inbox.claim())
    assert again == reading
    assert {each.kind: each.sop_instance_uid for each in worklist.reading(again).objects} == first


def test_what_fails_is_tried_three_times_and_again_when_it_is_sent_again(worklist, monkeypatch):
    monkeypatch.setattr("hilum.worklist.desk._TRY_AGAIN_SECONDS", 0)
    monkeypatch.setattr("hilum.worklist.desk.consult", lambda *_, **__: 1 / 0)
    worklist.take(as_file(film()), Origin.C_STORE)
    tries = 0
    while (claim := worklist.inbox.claim()) is not None:
        assert not worklist.desk.read(claim)
        tries += 1
    assert (tries, worklist.counts()) == (3, {"failed": 1})
    assert not list(worklist.spool.folder.iterdir())
    monkeypatch.undo()
    worklist.take(as_file(film()), Origin.C_STORE)
    assert worklist.desk.read(worklist.inbox.claim())
    assert worklist.counts() == {"read": 1}


def test_what_is_no_chest_is_refused_and_its_bytes_go(worklist):
    blank = film()
    blank.PixelData = bytes(len(blank.PixelData))
    worklist.take(as_file(blank), Origin.C_STORE)
    assert worklist.desk.read(worklist.inbox.claim())
    arrival = _arrival(worklist)
    assert (arrival.state, arrival.spool_name) == (State.REFUSED, None)
    assert "one colour" in arrival.reason
    assert not list(worklist.spool.folder.iterdir())


@pytest.mark.parametrize("keeps_identity", [False, True])
def test_what_stays_has_identity_by_setting_alone(settings, registry, keeps_identity):
    rules = replace(
        settings.rules, keeps_identity=keeps_identity, peers=(PEER,), held_formats=tuple(Format)
    )
    with opened(replace(settings, rules=rules), registry) as worklist:
        worklist.take(as_file(film()), Origin.C_STORE)
        reading = worklist.reading(worklist.desk.read_or_raise(worklist.inbox.claim()))
        kept = {each.kind: worklist.content(each) for each in reading.objects}
        assert kept.keys() == {FILM, *(each.value for each in Format)}
        for kind in (FILM, "sr", "seg", "sc", "dicom-pdf", "fhir"):
            has_names = any(name in kept[kind] for name in NAMES)
            assert has_names is keeps_identity, kind
        # What goes back to the study it came from names the patient as the study does.
        (parcel,) = worklist.outbox.due(PEER)
        sent = pydicom.dcmread(io.BytesIO(parcel.content))
        held = pydicom.dcmread(io.BytesIO(kept["sr"]))
        assert str(sent.PatientName) == "Doe^Jane"
        assert sent.SOPInstanceUID == held.SOPInstanceUID
        assert sent.StudyInstanceUID == held.StudyInstanceUID == film().StudyInstanceUID
        assert {each.name for each in worklist.spool.folder.iterdir()} == {
            each.spool_name for each in reading.deliveries
        }


def test_a_film_with_names_burned_in_is_not_kept_as_a_picture(settings, registry):
    rules = replace(settings.rules, held_formats=tuple(Format))
    with opened(replace(settings, rules=rules), registry) as worklist:
        worklist.take(as_file(film(BurnedInAnnotation="YES")), Origin.C_STORE)
        reading = worklist.reading(worklist.desk.read_or_raise(worklist.inbox.claim()))
        assert {each.kind for each in reading.objects} == {"sr", "seg", "json"}


def test_what_a_crash_left_in_the_spool_is_swept_and_nothing_else(worklist):
    worklist.take(as_file(film()), Origin.C_STORE)
    needed = _arrival(worklist).spool_name
    left, fresh = worklist.spool.put(b"left"), worklist.spool.put(b"on its way")
    for name in (needed, left):
        os.utime(worklist.spool.folder / name, (0, 0))
    worklist.sweep()
    assert {path.name for path in worklist.spool.folder.iterdir()} == {needed, fresh}


def test_a_deleted_reading_leaves_no_file_and_may_be_sent_again(worklist):
    worklist.take(as_file(film()), Origin.C_STORE)
    reading = worklist.desk.read_or_raise(worklist.inbox.claim())
    worklist.delete(reading)
    assert not list(worklist.shelf.folder.iterdir())
    assert worklist.counts() == {}
    with pytest.raises(UnknownReadingError):
        worklist.reading(reading)
    worklist.take(as_file(film()), Origin.C_STORE)
    assert worklist.desk.read(worklist.inbox.claim())


def test_sessions_in_two_processes_see_a_commit_after_a_restart(settings, registry):
    with opened(settings, registry) as first:
        first.take(as_file(film()), Origin.C_STORE)
    with opened(settings, registry) as second:
        assert second.counts() == {"arrived": 1}


def test_default_rules_send_what_a_pacs_can_hold():
    assert Rules().sent_formats == (Format.SR, Format.SEG, Format.SC, Format.DICOM_PDF)
    assert not Rules().keeps_identity
