"""Each hostile file is answered by a worker, which takes the next one then."""

import os
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest

from hilum.deidentification.deidentify import deidentify
from hilum.deidentification.profile import Profile
from hilum.errors import ImageError
from hilum.imaging import decode
from hilum.isolation.pool import WorkerPool
from tests.hostile import hostile_files
from tests.isolation import tasks

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="workers are forked")

_FILES = hostile_files()
_SECONDS = 10


@pytest.fixture(scope="module")
def pool() -> Iterator[WorkerPool]:
    made = WorkerPool(1)
    yield made
    made.close()


@pytest.mark.parametrize("name", _FILES)
def test_a_hostile_file_is_answered(pool: WorkerPool, name: str) -> None:
    started = time.monotonic()
    number = pool.call(tasks.number, b"")
    with pytest.raises(ImageError):
        pool.call(decode, _FILES[name])
    # What a film is shown by is not looked at here: some are de-identified.
    with suppress(ImageError):
        pool.call(deidentify, _FILES[name], Profile(frozenset()))
    assert pool.call(tasks.number, b"") == number
    assert time.monotonic() - started < _SECONDS
