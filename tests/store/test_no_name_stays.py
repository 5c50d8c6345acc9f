"""A name in any place of a film is in nothing that the store holds of it: files, rows, logs."""

import logging
from pathlib import Path

import pytest

from hilum.models import read_file
from hilum.reporting.forms import Format
from hilum.store import processor
from hilum.store.errors import RefusedError
from hilum.store.ingest_queue import Origin
from hilum.store.processor import Rules
from hilum.store.schema import State
from hilum.store.store import StoreSettings, opened
from tests.deidentification.named_everywhere import NAME, PLACES, is_named
from tests.deidentification.raw_films import base, written

# With text and figures of the header, and with the film's pixels.
FORMATS = (Format.SR, Format.JSON, Format.SC)


@pytest.fixture
def read_once(registry, monkeypatch):
    """Read the film without the name once: all have its picture, and time goes into headers."""
    found = []

    def read(content, reader, screener, **chosen):
        if not found:
            found.append(read_file(written(base()), reader, screener, is_forced=True, **{
                name: value for name, value in chosen.items() if name != "is_forced"}))
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
    told = {}
    with opened(settings, registry) as store:
        for place, make in PLACES.items():
            content = make(NAME)
            try:
                incoming = store.take(content, Origin.C_STORE)
            except RefusedError as exc:
                told[place] = str(exc)
                continue
            while (claim := store.ingest_queue.claim()) is not None:
                store.processor.read(claim)
            (arrival, *_), _ = store.arrivals.page((), 1, 0)
            told[place] = f"{arrival.state} {arrival.reason} {incoming.ignored_because}"
            # All have one UID: the next is another object.
            if arrival.state is State.READ:
                store.delete(arrival.readings[0].id) if False else None
        states = {place: words for place, words in told.items()}
    print(states)
    for name, held in _files(settings.folder).items():
        assert not is_named(held, NAME), name
    for words in told.values():
        assert not is_named(words.encode(), NAME)
    assert not is_named(caplog.text.encode(), NAME)
