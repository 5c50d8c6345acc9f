"""Workers that lack what they need, by no fault of a file: they end, and the file is read."""

import errno
import gc
import os
import signal
import tempfile
import weakref
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from hilum.errors import CorruptImageError, DecodingFailedError, WorkersUnavailableError
from hilum.isolation import Budget, FileContent, hired
from hilum.isolation.pool import WorkerPool
from hilum.isolation.start import Process, Starter
from hilum.isolation.worker import Task, _done
from tests.isolation import tasks
from tests.isolation.lent import Lent

pytestmark = pytest.mark.skipif(not hasattr(os, "memfd_create"), reason="nothing is shared")

_BUDGET = Budget(cpu_seconds=20, memory_bytes=256 * 2**20)
_LARGE = np.random.default_rng(0).bytes(70_000)


@pytest.fixture(scope="module")
def lender() -> Iterator[WorkerPool]:
    made = WorkerPool(1, _BUDGET)
    yield made
    made.close()


@pytest.fixture
def pool(lender: WorkerPool) -> Iterator[WorkerPool]:
    made = WorkerPool(2, _BUDGET, Lent(lender._starter))
    yield made
    made.close()


@pytest.fixture
def no_collection() -> Iterator[None]:
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("no_collection")
def test_nothing_of_a_task_outlives_its_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gc, "collect", lambda: 0)
    shared, array = np.zeros(100, np.uint8), np.zeros(100, np.uint8)
    kept = weakref.ref(shared), weakref.ref(array)
    task = Task(tasks.fail_from_another, shared.data, 100, (array,), {})
    _, failure = _done(task, None)
    assert failure is not None
    assert isinstance(failure.error, CorruptImageError)
    del shared
    # Given back by the copying, before the task is dropped.
    assert kept[0]() is None
    del task, array
    assert kept[1]() is None


@pytest.mark.usefixtures("no_collection")
def test_the_service_keeps_nothing_of_a_call_that_failed(pool: WorkerPool) -> None:
    array = np.zeros(100, np.uint8)
    kept = weakref.ref(array)
    with pytest.raises(CorruptImageError):
        pool.call(tasks.fail_from_another, b"", array)
    del array
    assert kept() is None


def _exhaust(pool: WorkerPool) -> set[int]:
    """Have each worker open all that it may; none is replaced for that."""
    numbers: set[int] = set()
    with ThreadPoolExecutor(2) as threads:
        while len(numbers) < 2:
            numbers |= set(threads.map(lambda _: pool.call(tasks.open_all, b""), range(2)))
    assert set(pool.worker_numbers) == numbers
    return numbers


@pytest.mark.parametrize("way", ["shared", "as a file", "result"])
def test_a_file_is_read_where_all_workers_have_used_up_their_descriptors(
    pool: WorkerPool, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    monkeypatch.setattr(hired, "_KEPT_FILES", 1000)
    numbers = _exhaust(pool)
    if way == "shared":
        assert pool.call(tasks.reverse, _LARGE) == _LARGE[::-1]
    elif way == "result":
        assert pool.call(tasks.own_pixels, b"", 3).max() == 3
    else:
        with tempfile.TemporaryFile() as file:
            file.write(_LARGE)
            file.flush()
            content = FileContent(file.fileno(), len(_LARGE))
            assert pool.call(tasks.reverse, content) == _LARGE[::-1]
    assert not set(pool.worker_numbers) & numbers
    assert pool.fault() is None


@pytest.mark.parametrize("error", [OSError(errno.ENOMEM, ""), MemoryError()], ids=repr)
def test_a_file_is_read_where_a_worker_cannot_receive_it(
    pool: WorkerPool, error: Exception
) -> None:
    number = pool.call(tasks.map_nothing, b"", error)
    assert pool.worker_numbers == [number]
    assert pool.call(tasks.reverse, _LARGE) == _LARGE[::-1]
    assert number not in pool.worker_numbers


def test_a_worker_that_keeps_descriptors_is_replaced_before_it_lacks_any(pool: WorkerPool) -> None:
    number = pool.call(tasks.open_all, b"")
    assert number not in pool.worker_numbers


def test_a_file_that_uses_up_descriptors_is_tried_twice(pool: WorkerPool, tmp_path: Path) -> None:
    told = tmp_path / "told"
    with pytest.raises(WorkersUnavailableError):
        pool.call(tasks.lack_files, b"", str(told))
    assert told.read_text() == "begun" * 2
    assert pool.call(tasks.reverse, b"ab") == b"ba"


def test_a_system_without_memory_is_no_fault_of_the_file(pool: WorkerPool) -> None:
    with pytest.raises(WorkersUnavailableError):
        pool.call(tasks.fail_of, b"", errno.ENOMEM)
    assert pool.call(tasks.reverse, b"ab") == b"ba"


class Ending:
    """Starts workers that end at once."""

    def __init__(self, starter: Starter) -> None:
        self._start = starter.start

    def start(self) -> Process:
        process = self._start()
        os.kill(process.number, signal.SIGKILL)
        return process


def test_workers_that_keep_failing_are_a_fault_until_one_works(
    pool: WorkerPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        for _ in range(3):
            patched.setattr(pool._starter, "start", Ending(pool._starter).start)
            # A worker is tried only after the third failure.
            assert pool.fault() is None
            patched.undo()
            with pytest.raises(DecodingFailedError):
                pool.call(tasks.leave, b"")
        patched.setattr(pool._starter, "start", Ending(pool._starter).start)
        assert pool.fault() == "The processes that files are decoded in fail."
    # Nobody has to send a file for that.
    assert pool.fault() is None


def test_files_that_make_workers_fail_are_no_fault(pool: WorkerPool) -> None:
    for _ in range(3):
        with pytest.raises(DecodingFailedError):
            pool.call(tasks.leave, b"")
    assert pool.fault() is None
