"""A name in any place of a film is in nothing that the store holds of it: files, rows, logs."""

import logging
from dataclasses import replace
from pathlib import Path

import pytest

from hilum.models import read_file
from hilum.reporting.forms import Format
from hilum.store import processor
from hilum.store.errors import RefusedError
from hilum.store.incoming import inspect_incoming
from hilum.store.processor import Rules
from hilum.store.schema import Origin
from hilum.store.settings import StoreSettings
from hilum.store.store import opened
from tests.deidentification.named_elements import ELEMENT_PLACES
from tests.deidentification.named_everywhere import NAME, is_named
from tests.deidentification.named_frames import FRAME_PLACES
from tests.deidentification.named_pixels import PIXEL_PLACES
from tests.deidentification.raw_films import base, written

# The film and the figures; other forms are made from the film as it is held.
FORMATS = (Format.JSON,)
# Pixels and compressed frames are in the film alone, which is held as it is de-identified.
PLACES = [*ELEMENT_PLACES.values(), *list((PIXEL_PLACES | FRAME_PLACES).values())[::8]]


@pytest.fixture
def read_once(registry, monkeypatch):
    """Read the film without the name once: all have its picture, and time goes into headers."""
    found = []

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
