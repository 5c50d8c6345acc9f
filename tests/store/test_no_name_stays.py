"""A name in any place of a film is in nothing that the store holds of it: files, rows, logs.

What is sent to the study of the film has it in the Patient Module; for all places, see
`tests/reporting/test_no_name_is_passed_on.py`.
"""

import logging
from dataclasses import replace
from pathlib import Path

import pytest

from hilum.models import read_file
from hilum.reporting.forms import DICOM_FORMATS, Format
from hilum.store import processor
from hilum.store.errors import RefusedError
from hilum.store.incoming import inspect_incoming
from hilum.store.processor import Rules
from hilum.store.schema import FILM, Origin
from hilum.store.settings import StoreSettings
from hilum.store.store import opened
from tests.deidentification.named_elements import ELEMENT_PLACES
from tests.deidentification.named_everywhere import NAME, is_named
from tests.deidentification.named_frames import FRAME_PLACES
from tests.deidentification.named_pixels import PIXEL_PLACES
from tests.deidentification.raw_films import base, written
from tests.reporting.named_results import ALLOWED, where_named

PEER = "PACS@10.0.0.1:104"
# The film and the figures; other forms are made from the film as it is held.
FORMATS = (Format.JSON,)
# Pixels and compressed frames are in the film alone, which is held as it is de-identified.
PLACES = [*ELEMENT_PLACES.values(), *list((PIXEL_PLACES | FRAME_PLACES).values())[::8]]


@pytest.fixture(scope="module")
def found():
    """What was read, once."""
    return []


@pytest.fixture
def read_once(found, monkeypatch):
    """Read the film without the name once: all have its picture, and time goes into headers."""

    def read(content, models, **chosen):
        if not found:
            found.append(
                read_file(
                    written(base()),
                    models,
                    is_forced=True,
                    **{name: value for name, value in chosen.items() if name != "is_forced"},
                )
            )
        return found[0]

    monkeypatch.setattr(processor, "read_file", read)


def _files(folder: Path) -> dict[str, bytes]:
    """Everything on the disc but the originals of films that failed."""
    originals = {folder / "spool", folder / "quarantine"}
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.parent not in originals
    }


def test_a_name_in_any_place_of_a_film_is_in_nothing_that_is_held(
    tmp_path, registry, read_once, caplog
):
    caplog.set_level(logging.DEBUG)
    settings = StoreSettings(folder=tmp_path / "store", rules=Rules(held_formats=FORMATS))
    told, held = [], 0
    with opened(settings, registry) as store:
        for number, make in enumerate(PLACES):
            try:
                incoming = inspect_incoming(make(NAME), settings.limits)
            except RefusedError as exc:
                told.append(str(exc))
                continue
            # All are of one UID.
            store.ingest_queue.take(
                replace(incoming, sop_instance_uid=f"1.2.{number}"), Origin.C_STORE
            )
            claim = store.ingest_queue.claim()
            if claim is not None:
                held += store.processor.read(claim)
        arrivals, _ = store.arrivals.page((), len(PLACES), 0)
        told += [str(each.reason) for each in arrivals]
    assert held > len(PLACES) * 2 // 3
    for name, content in _files(settings.folder).items():
        assert not is_named(content, NAME), name
    for words in (*told, caplog.text):
        assert not is_named(words.encode(), NAME)


def test_forms_that_are_held_have_no_name_and_those_that_are_sent_in_the_patient_module(
    tmp_path, registry, read_once
):
    settings = StoreSettings(folder=tmp_path / "store", rules=Rules(peers=(PEER,)))
    content = ELEMENT_PLACES["every attribute, written as LO"](NAME)
    incoming = inspect_incoming(content, settings.limits)
    with opened(settings, registry) as store:
        store.ingest_queue.take(incoming, Origin.C_STORE)
        assert store.processor.read(store.ingest_queue.claim())
        (listed,) = store.readings(2, 0)
        reading = store.reading(listed.id)
        held = {each.kind: store.content(each) for each in reading.objects}
        sent = [each.content for each in store.outbox.due(PEER)]
    assert held.keys() == {FILM, *(each.value for each in Format)}
    assert not is_named(held.pop(FILM), NAME)
    for kind, content in held.items():
        assert not where_named(content, Format(kind), NAME), kind
    found = [where_named(content, Format.SR, NAME) for content in sent]
    assert len(found) == len(DICOM_FORMATS)
    assert all("PatientName" in each and each <= ALLOWED for each in found)
