"""Films that harm their worker, and a machine that can start none."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from hilum.deidentification.deidentify import deidentify
from hilum.errors import DecodingFailedError, ImageTooLargeError, WorkersUnavailableError
from hilum.imaging import decode
from hilum.isolation import IN_PROCESS
from hilum.reporting.forms import Format
from hilum.store.errors import RefusalCode, RefusedError
from hilum.store.schema import FILM, Arrival, Origin, State
from hilum.store.store import opened
from tests.pacs.films import as_file, film

pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


class Failing:
    """Fails where a function is called, and calls the others."""

    def __init__(self, function: Callable[..., Any], error: Exception) -> None:
        self._function, self._error = function, error

    def call(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        if function is self._function:
            raise self._error
        return IN_PROCESS.call(function, *args, **kwargs)

    def close(self) -> None:
        pass


def _arrival(store):
    with store.database.read() as session:
        return session.scalars(select(Arrival)).one()


@pytest.mark.parametrize(
    "error", [DecodingFailedError("It failed."), ImageTooLargeError("It takes too long.")]
)
def test_a_film_that_harms_its_worker_is_refused_with_the_reason(settings, registry, error):
    with opened(settings, registry, Failing(decode, error)) as store:
        store.take(as_file(film()), Origin.C_STORE)
        assert store.processor.read(store.ingest_queue.claim())
        arrival = _arrival(store)
        assert (arrival.state, arrival.reason) == (State.REFUSED, str(error))


def test_a_film_waits_where_no_worker_can_be_started(settings, registry):
    with opened(settings, registry, Failing(decode, WorkersUnavailableError("No."))) as store:
        store.take(as_file(film()), Origin.C_STORE)
        assert not store.processor.read(store.ingest_queue.claim())
        arrival = _arrival(store)
        assert arrival.state is State.ARRIVED
        assert arrival.attempts == 0
        assert "no process can be started" in arrival.reason


def test_a_film_that_harms_the_worker_that_deidentifies_it_is_read(settings, registry):
    rules = replace(settings.rules, held_formats=(Format.JSON, Format.SR))
    failing = Failing(deidentify, DecodingFailedError("It failed."))
    with opened(replace(settings, rules=rules), registry, failing) as store:
        store.take(as_file(film()), Origin.C_STORE)
        reading = store.reading(store.processor.read_or_raise(store.ingest_queue.claim()))
        assert {each.kind for each in reading.objects} == {"json"}
        assert {each["form"] for each in reading.missing} == {FILM, "sr"}


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (DecodingFailedError("It failed."), RefusalCode.CANNOT_UNDERSTAND),
        (ImageTooLargeError("It takes too long."), RefusalCode.CANNOT_UNDERSTAND),
        (WorkersUnavailableError("No process."), RefusalCode.OUT_OF_RESOURCES),
    ],
)
def test_what_cannot_be_parsed_in_a_worker_is_not_taken(settings, registry, error, code):
    from hilum.store import incoming

    with opened(settings, registry, Failing(incoming._inspected, error)) as store:
        with pytest.raises(RefusedError, match=str(error)) as raised:
            store.take(as_file(film()), Origin.STOW)
        assert raised.value.code is code
        assert store.counts() == {}
