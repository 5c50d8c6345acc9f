"""Worker processes: what one file does to its own, and nothing else."""

import logging
import os
import pickle
import signal
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from hilum.errors import (
    DecodingFailedError,
    DecodingStalledError,
    ImageTooLargeError,
    WorkersUnavailableError,
)
from hilum.isolation import (
    CANCELLATION,
    IN_PROCESS,
    Budget,
    Cancellation,
    FileContent,
    WorkCancelledError,
    hired,
    start,
)
from hilum.isolation.failures import TaskError
from hilum.isolation.pool import WorkerPool
from hilum.isolation.start import SpawnStarter
from tests.isolation import tasks
from tests.isolation.lent import Lent

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="workers are forked")


# Processor time is short only where a test is about it: filling 200 MB can take half a second.
BUDGET = Budget(cpu_seconds=20, memory_bytes=256 * 2**20)
HASTY = Budget(cpu_seconds=0.5, memory_bytes=256 * 2**20)


@pytest.fixture(scope="module")
def pool() -> Iterator[WorkerPool]:
    made = WorkerPool(2, BUDGET)
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("HILUM_TOKEN", "a secret of this service")
        made.prepare()
    yield made
    made.close()


@pytest.fixture(scope="module")
def hasty() -> Iterator[WorkerPool]:
    made = WorkerPool(1, HASTY)
    yield made
    made.close()


@pytest.fixture
def one(pool: WorkerPool) -> Iterator[WorkerPool]:
    """A pool of one worker."""
    made = WorkerPool(1, BUDGET, Lent(pool._starter))
    yield made
    made.close()


def is_running(number: int) -> bool:
    try:
        return Path(f"/proc/{number}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def wait_until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < end
        threading.Event().wait(0.01)


def test_a_function_runs_in_another_process(pool: WorkerPool) -> None:
    assert pool.call(tasks.number, b"") != os.getpid()
    assert pool.call(tasks.add, b"four", 30, second=200) == 234


@pytest.mark.parametrize("size", [0, 1, 65_535, 65_536, 5_000_001])
def test_bytes_come_and_go_unchanged(pool: WorkerPool, size: int) -> None:
    content = np.random.default_rng(size).bytes(size)
    assert pool.call(tasks.reverse, content) == content[::-1]


def test_arrays_come_back_equal_and_may_be_changed(pool: WorkerPool) -> None:
    content = np.random.default_rng(0).bytes(600 * 700)
    expected = np.frombuffer(content, np.uint8).astype(np.float32).reshape(600, 700)
    found, more = pool.call(tasks.pixels, content, (600, 700))
    np.testing.assert_array_equal(found, expected)
    np.testing.assert_array_equal(more["mean"], expected.mean(axis=1))
    np.testing.assert_array_equal(more["turned"], expected.T)
    found[0] = 7
    assert found[0, 0] == 7


def test_arrays_that_are_kept_are_not_written_over(pool: WorkerPool) -> None:
    contents = [bytes([value]) * 300_000 for value in range(12)]
    kept = [pool.call(tasks.pixels, each, (300, 1000))[0] for each in contents]
    assert [float(each.min()) for each in kept] == list(range(12))
    assert [float(each.max()) for each in kept] == list(range(12))


def test_large_arrays_are_not_pickled(pool: WorkerPool, monkeypatch: pytest.MonkeyPatch) -> None:
    pickled: list[int] = []
    loads = pickle.loads

    def counted(data: memoryview, **more: object) -> object:
        pickled.append(data.nbytes)
        return loads(data, **more)

    monkeypatch.setattr("hilum.isolation.channel.pickle.loads", counted)
    found, _ = pool.call(tasks.pixels, bytes(2_000_000), (1000, 2000))
    assert found.nbytes == 8_000_000
    # The means are 4 kB, and stand for themselves.
    assert sum(pickled) < 20_000


def test_a_worker_that_crashes_takes_one_call_with_it(pool: WorkerPool) -> None:
    began, outcomes = threading.Barrier(11), []

    def crash() -> None:
        began.wait()
        with pytest.raises(DecodingFailedError, match="could not be decoded"):
            pool.call(tasks.segfault, b"")

    def work() -> None:
        began.wait()
        outcomes.extend(pool.call(tasks.reverse, b"%d" % each) for each in range(10, 20))

    with ThreadPoolExecutor(11) as threads:
        for future in [threads.submit(crash), *(threads.submit(work) for _ in range(10))]:
            future.result()
    assert outcomes.count(b"01") == 10
    assert len(outcomes) == 100


def test_an_answer_that_is_none_is_a_failure_of_the_decoder(pool: WorkerPool) -> None:
    with pytest.raises(DecodingFailedError):
        pool.call(tasks.answer_noise, b"")
    assert pool.call(tasks.reverse, b"ab") == b"ba"


def test_the_pool_goes_on_after_fifty_crashes(pool: WorkerPool) -> None:
    for _ in range(50):
        with pytest.raises(DecodingFailedError):
            pool.call(tasks.leave, b"")
    assert pool.call(tasks.reverse, b"ab") == b"ba"


@pytest.mark.parametrize("task", [tasks.spin, tasks.spin_in_c, tasks.answer_for_ever])
def test_a_file_that_takes_too_long_is_told_so(
    hasty: WorkerPool, task: Callable[[bytes], None]
) -> None:
    with pytest.raises(ImageTooLargeError, match=r"more than 0\.5 s of processor time"):
        hasty.call(task, b"")


@pytest.mark.parametrize(
    "work", [partial(tasks.sleep, seconds=60), tasks.answer_in_trickles], ids=["sleep", "trickle"]
)
def test_a_worker_that_only_waits_is_ended(
    one: WorkerPool, monkeypatch: pytest.MonkeyPatch, work: Callable[[bytes], None]
) -> None:
    number = one.call(tasks.number, b"")
    monkeypatch.setattr(Budget, "wall_seconds_for", lambda *_: 0.51)
    with pytest.raises(DecodingStalledError, match="given up after 1 s"):
        one.call(work, b"")
    assert not is_running(number)


def test_a_file_that_takes_too_much_memory_is_told_so(pool: WorkerPool) -> None:
    assert pool.call(tasks.allocate, b"", 200 * 2**20) == 1
    for task in (tasks.allocate, tasks.allocate_within):
        with pytest.raises(ImageTooLargeError, match="more than 256 MB of memory"):
            pool.call(task, b"", 2**31)


def test_what_libraries_write_is_counted_and_not_shown(
    pool: WorkerPool, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    with caplog.at_level(logging.WARNING):
        # A pipe takes no more than this; the rest is dropped, and nothing waits.
        assert pool.call(tasks.shout, b"", 10**6) <= 65_536
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "Lindqvist" not in caplog.text
    assert capfd.readouterr() == ("", "")
    caplog.clear()
    pool.call(tasks.number, b"")
    assert not caplog.records


def test_a_worker_that_keeps_memory_is_replaced(one: WorkerPool) -> None:
    first = one.call(tasks.number, b"")
    assert one.call(tasks.hold, b"", 200 * 2**20) == first
    assert one.call(tasks.number, b"") != first
    assert not is_running(first)


def test_a_worker_that_keeps_memory_of_its_first_file_is_replaced(one: WorkerPool) -> None:
    first = one.call(tasks.hold, b"", 200 * 2**20)
    assert one.call(tasks.number, b"") != first


def test_a_worker_is_replaced_after_many_files(
    one: WorkerPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hired, "_TASKS", 3)
    numbers = [one.call(tasks.number, b"") for _ in range(9)]
    assert [numbers.count(each) for each in dict.fromkeys(numbers)] == [3, 3, 3]


def test_a_worker_that_ends_while_it_waits_harms_no_call(pool: WorkerPool) -> None:
    for number in pool.worker_numbers:
        os.kill(number, signal.SIGKILL)
    wait_until(lambda: not any(map(is_running, pool.worker_numbers)))
    assert pool.call(tasks.reverse, b"ab") == b"ba"


def test_the_process_that_forks_them_may_end() -> None:
    one = WorkerPool(1)
    try:
        first = one.call(tasks.number, b"")
        os.kill(one._starter._zygote.pid, signal.SIGKILL)  # type: ignore[attr-defined]
        wait_until(lambda: not is_running(first))
        assert one.call(tasks.number, b"") != first
        assert one.fault() is None
    finally:
        one.close()


def test_a_file_at_work_is_begun_again_where_what_forks_workers_is_killed(tmp_path: Path) -> None:
    two, told = WorkerPool(2, BUDGET), tmp_path / "told"
    try:
        with ThreadPoolExecutor(2) as threads:
            found = [threads.submit(two.call, tasks.begin_twice, b"", str(told)) for _ in range(2)]
            wait_until(lambda: told.exists() and told.read_text() == "begun" * 2)
            os.kill(_zygote(two), signal.SIGKILL)
            assert [each.result() for each in found] == [b"", b""]
    finally:
        two.close()


def test_a_file_that_ends_all_workers_again_and_again_is_given_up(
    one: WorkerPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    end, ended = one._starter.end, []
    # No exit code: with what it was started from.
    monkeypatch.setattr(one._starter, "end", lambda process: ended.append(end(process)))
    with pytest.raises(WorkersUnavailableError):
        one.call(tasks.leave, b"")
    assert ended == [0, 0, 0]


def test_what_forks_workers_is_replaced_where_it_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(start, "_ANSWER_SECONDS", 0.3)
    one = WorkerPool(1, BUDGET)
    try:
        for hang_up in (lambda: one.call(tasks.number, b""), one.fault):
            first, zygote = one.call(tasks.number, b""), _zygote(one)
            os.kill(zygote, signal.SIGSTOP)
            os.kill(first, signal.SIGKILL)
            hang_up()
            assert _zygote(one) != zygote
            assert not is_running(zygote)
            assert one.fault() is None
    finally:
        one.close()


def test_many_workers_that_ended_while_they_waited_are_no_fault(pool: WorkerPool) -> None:
    many = WorkerPool(5, BUDGET, Lent(pool._starter))
    try:
        with ThreadPoolExecutor(5) as threads:
            list(threads.map(lambda _: many.call(tasks.sleep, b"", 0.3), range(5)))
        numbers = many.worker_numbers
        assert len(numbers) == 5
        for number in numbers:
            os.kill(number, signal.SIGKILL)
        wait_until(lambda: not any(map(is_running, numbers)))
        assert many.call(tasks.reverse, b"ab") == b"ba"
    finally:
        many.close()


def _zygote(pool: WorkerPool) -> int:
    return int(pool._starter._zygote.pid)  # type: ignore[attr-defined]


def test_errors_of_the_pool_and_of_tasks_are_told_apart(
    pool: WorkerPool, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(TaskError, match=r"an error of Hilum \(ValueError\)"):
        pool.call(tasks.fail_unexpectedly, b"Lindqvist^Josephine")
    assert "fail_unexpectedly" in caplog.text
    assert "Lindqvist" not in caplog.text
    with pytest.raises(TaskError):
        pool.call(tasks.cannot_be_sent, b"")
    assert pool.call(tasks.reverse, b"ab") == b"ba"


def test_cancelled_work_ends_at_once(pool: WorkerPool, tmp_path: Path) -> None:
    cancellation, told = Cancellation(), tmp_path / "told"
    raised: list[BaseException] = []

    def work() -> None:
        CANCELLATION.set(cancellation)
        try:
            pool.call(tasks.start_another_and_sleep, b"", str(told))
        except WorkCancelledError as exc:
            raised.append(exc)

    thread = threading.Thread(target=work)
    thread.start()
    wait_until(lambda: told.exists() and told.read_text().count(" ") == 1)
    numbers = [int(each) for each in told.read_text().split()]
    assert all(map(is_running, numbers))
    cancellation.cancel()
    thread.join(10)
    assert len(raised) == 1
    # With what the worker had started.
    wait_until(lambda: not any(map(is_running, numbers)))


def test_work_that_waits_for_a_worker_can_be_cancelled(one: WorkerPool) -> None:
    cancellations, raised = (Cancellation(), Cancellation()), []

    def work(cancellation: Cancellation) -> None:
        CANCELLATION.set(cancellation)
        try:
            one.call(tasks.sleep, b"", 60)
        except WorkCancelledError as exc:
            raised.append(exc)

    first, second = (threading.Thread(target=work, args=(each,)) for each in cancellations)
    first.start()
    wait_until(lambda: one._count == 1)
    second.start()
    for count, (thread, cancellation) in enumerate(
        ((second, cancellations[1]), (first, cancellations[0])), start=1
    ):
        cancellation.cancel()
        thread.join(10)
        assert len(raised) == count


def test_where_no_process_can_be_started_the_file_is_not_at_fault(
    one: WorkerPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cannot() -> None:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(one._starter, "start", cannot)
    for _ in range(2):
        with pytest.raises(WorkersUnavailableError):
            one.call(tasks.number, b"")


def test_a_fault_is_told_where_no_process_can_be_forked(
    one: WorkerPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert one.fault() is None
    monkeypatch.setattr(one._starter, "fault", lambda: "Resource temporarily unavailable")
    assert one.fault() == "No process can be started to decode files in."


def test_a_pool_that_is_closed_has_no_process_left() -> None:
    one = WorkerPool(1)
    first = one.call(tasks.number, b"")
    zygote = one._starter._zygote.pid  # type: ignore[attr-defined]
    one.close()
    assert not is_running(first)
    assert not is_running(zygote)
    with pytest.raises(WorkersUnavailableError):
        one.call(tasks.number, b"")


def test_workers_can_be_interpreters_of_their_own() -> None:
    budget = Budget(cpu_seconds=2, memory_bytes=256 * 2**20)
    one = WorkerPool(1, budget, SpawnStarter(budget))
    try:
        content = np.random.default_rng(0).bytes(600 * 700)
        found, _ = one.call(tasks.pixels, content, (600, 700))
        np.testing.assert_array_equal(found.ravel(), np.frombuffer(content, np.uint8))
        number = one.call(tasks.number, b"")
        assert number != os.getpid()
        with pytest.raises(ImageTooLargeError, match="processor time"):
            one.call(tasks.spin, b"")
        assert not is_running(number)
        with tempfile.TemporaryFile() as file:
            file.write(b"abc")
            file.flush()
            assert one.call(tasks.reverse, FileContent(file.fileno(), 3)) == b"cba"
    finally:
        one.close()


@pytest.mark.parametrize("size", [3, 3_000_000])
def test_a_file_on_the_disk_is_read_by_the_worker(pool: WorkerPool, size: int) -> None:
    content = np.random.default_rng(size).bytes(size)
    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.flush()
        for _ in range(3):
            assert pool.call(tasks.reverse, FileContent(file.fileno(), size)) == content[::-1]
            assert IN_PROCESS.call(tasks.reverse, FileContent(file.fileno(), size)) == content[::-1]


def test_pixels_that_are_made_in_shared_memory_are_not_copied(pool: WorkerPool) -> None:
    first, second = (pool.call(tasks.own_pixels, b"", value) for value in (1, 2))
    assert (first.min(), first.max(), second.min(), second.max()) == (1, 1, 2, 2)
    # More slabs than are sent: they are used again, and the pixels that were sent are not.
    for value in range(3, 30):
        assert pool.call(tasks.own_pixels, b"", value).max() == value
    assert (first.min(), first.max(), second.min(), second.max()) == (1, 1, 2, 2)


def test_memory_of_a_large_film_is_given_back(one: WorkerPool) -> None:
    number = one.call(tasks.number, b"")
    before = _held_bytes(number)
    assert one.call(tasks.zeros, bytes(50 * 2**20), (3600, 3600)).nbytes > 49 * 2**20
    assert one.worker_numbers == [number]
    # A moment after its answer.
    wait_until(lambda: max(np.subtract(_held_bytes(number), before)) < 16 * 2**20)


def _held_bytes(number: int) -> tuple[int, ...]:
    return _shared_bytes(os.getpid()), _shared_bytes(number), _resident_bytes(number)


def _shared_bytes(number: int) -> int:
    spans = [
        line.split()[0].split("-")
        for line in Path(f"/proc/{number}/maps").read_text().splitlines()
        if "memfd:hilum" in line
    ]
    return sum(int(end, 16) - int(start, 16) for start, end in spans)


def _resident_bytes(number: int) -> int:
    return int(Path(f"/proc/{number}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def test_shared_memory_of_a_worker_is_bounded(one: WorkerPool) -> None:
    # 40 MB each, of 128 MB: what was sent and is in use here does not count.
    kept = [one.call(tasks.zeros, b"", (3200, 3200)) for _ in range(6)]
    assert one.call(tasks.zeros, b"", (3200, 3200), 3).shape == (3200, 3200)
    with pytest.raises(ImageTooLargeError, match="256 MB of memory"):
        one.call(tasks.zeros, b"", (3200, 3200), 4)
    assert all(each.max() == 0 for each in kept)
    assert one.call(tasks.zeros, b"", (3200, 3200), 3).shape == (3200, 3200)


def test_secrets_of_the_service_are_not_in_the_workers(pool: WorkerPool) -> None:
    found = pool.call(tasks.environment, b"")
    assert "PATH" in found
    assert "HILUM_TOKEN" not in found
