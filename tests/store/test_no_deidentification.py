"""A readable film that cannot be de-identified is read: what needs its header is not kept."""

import base64
import errno
import io
import json
import logging
from dataclasses import replace
from unittest.mock import Mock

import pydicom
import pytest
from pypdf import PdfReader

from hilum.deidentification.deidentify import deidentify
from hilum.deidentification.profile import Profile
from hilum.errors import CorruptImageError
from hilum.models import read_file
from hilum.models.reading_models import ReadingModels
from hilum.reporting.forms import Format
from hilum.store import processor
from hilum.store.ingest_queue import Origin
from hilum.store.processor import Rules
from hilum.store.schema import FILM, HeldReading, State
from hilum.store.settings import StoreSettings
from hilum.store.store import Store, opened
from tests.deidentification.named_everywhere import NAME, is_named
from tests.deidentification.raw_films import base, explicit, item, put, written

pytestmark = pytest.mark.weights
PEER = "PACS@10.0.0.1:104"
WITHOUT_HEADER = {each.value for each in Format if not each.form.needs_study}
OF_THE_HEADER = {FILM, *(each.value for each in Format if each.form.needs_study)}
OF_PIXELS = {each.value for each in Format if each.form.shows_film}


def _nested() -> bytes:
    """Items of explicit encoding, one in the other, with a name in the last."""
    value = item(explicit(0x00100010, "PN", NAME.encode()))
    for _ in range(400):
        value = item(explicit(0x00089215, "SQ", value))
    return value


def _film(kind: str, **elements: str) -> bytes:
    made = base(PatientName=NAME, PatientID=NAME, ReferringPhysicianName=NAME, **elements)
    if kind == "number of frames":
        put(made, 0x00280008, "IS", b"-1")
    elif kind == "colour space":
        made.PhotometricInterpretation = "YBR_FULL_422"
    elif kind == "depth":
        put(made, 0x00089215, "UN", _nested())
    return written(made)


@pytest.fixture
def settings(tmp_path):
    rules = Rules(peers=(PEER,), sent_formats=(Format.SR, Format.SC))
    return StoreSettings(folder=tmp_path / "store", rules=rules)


@pytest.fixture(scope="module")
def result(registry):
    """What is read of a film of the same picture, whose header is sound."""
    models = ReadingModels.choose(registry)
    return read_file(written(base()), models, is_forced=True, with_evidence=True)


@pytest.fixture
def store(settings, registry, result, monkeypatch):
    monkeypatch.setattr(processor, "read_file", lambda *_, **__: result)
    with opened(settings, registry) as held:
        yield held


def _read(store: Store, content: bytes) -> tuple[HeldReading, dict[str, bytes]]:
    """Take and read a film: its reading, and what is held of it."""
    store.take(content, Origin.C_STORE)
    assert store.processor.read(store.ingest_queue.claim())
    (arrival,), _ = store.arrivals.page((), 10, 0)
    assert arrival.state is State.READ, arrival.reason
    reading = store.reading(arrival.readings[0].id)
    return reading, {each.kind: store.content(each) for each in reading.objects}


def _missing(reading: HeldReading) -> set[str]:
    assert all("cannot be de-identified" in each["reason"] for each in reading.missing)
    return {each["form"] for each in reading.missing}


def _is_named(held: dict[str, bytes]) -> bool:
    """Whether a file, or the text of a page, has the name."""
    resources = [each["resource"] for each in json.loads(held["fhir"])["entry"]]
    (attached,) = (each["presentedForm"] for each in resources if "presentedForm" in each)
    pages = [held["pdf"], base64.b64decode(attached[0]["data"])]
    texts = [
        page.extract_text().encode() for each in pages for page in PdfReader(io.BytesIO(each)).pages
    ]
    assert texts
    assert all(texts)
    return any(is_named(each, NAME) for each in (*held.values(), *texts))


@pytest.mark.parametrize("kind", ["number of frames", "colour space", "depth"])
def test_a_film_that_cannot_be_deidentified_is_read_and_its_results_are_sent(store, kind, caplog):
    caplog.set_level(logging.DEBUG)
    content = _film(kind)
    with pytest.raises(CorruptImageError):
        deidentify(content, Profile())
    reading, held = _read(store, content)
    assert held.keys() == WITHOUT_HEADER
    assert not _is_named(held)
    assert "subject" not in held["fhir"].decode()
    assert _missing(reading) == OF_THE_HEADER
    for text in (caplog.text, str(reading.missing)):
        assert not is_named(text.encode(), NAME)
    # What is sent goes to the study that it came from, with its identity.
    assert {each.kind for each in reading.deliveries} == {"sr", "sc"}
    for each in store.outbox.due(PEER):
        assert pydicom.dcmread(io.BytesIO(each.content)).PatientName == NAME


def test_no_picture_of_a_film_is_kept_whose_header_says_that_writing_is_burned_in(
    store, result, monkeypatch
):
    header = replace(result.radiograph.header, has_burned_in_annotation=True)
    burned_in = replace(result, radiograph=replace(result.radiograph, header=header))
    monkeypatch.setattr(processor, "read_file", lambda *_, **__: burned_in)
    reading, held = _read(store, _film("number of frames", BurnedInAnnotation="YES"))
    assert held.keys() == WITHOUT_HEADER - OF_PIXELS
    assert _missing(reading) == OF_THE_HEADER | OF_PIXELS


def test_an_error_that_nobody_expected_is_logged_without_its_words(store, monkeypatch, caplog):
    monkeypatch.setattr(processor, "deidentify", Mock(side_effect=KeyError(NAME)))
    reading, held = _read(store, _film("sound"))
    assert held.keys() == WITHOUT_HEADER
    assert _missing(reading) == OF_THE_HEADER
    assert "KeyError" in caplog.text
    assert NAME not in caplog.text


def _damaged_by(cause: Exception) -> CorruptImageError:
    made = CorruptImageError("damaged")
    made.__cause__ = cause
    return made


@pytest.mark.parametrize(
    ("error", "words"),
    [(OSError(errno.ENOSPC, "full"), "no room on the disk"),
     (MemoryError(), "not enough memory"),
     (_damaged_by(MemoryError()), "not enough memory")],
)  # fmt: skip
def test_what_the_machine_lacks_is_no_fault_of_the_film(store, monkeypatch, error, words):
    monkeypatch.setattr(processor, "deidentify", Mock(side_effect=error))
    store.take(_film("sound"), Origin.C_STORE)
    assert not store.processor.read(store.ingest_queue.claim())
    (arrival,), _ = store.arrivals.page((), 10, 0)
    assert (arrival.state, arrival.attempts) == (State.ARRIVED, 0)
    assert words in arrival.reason
