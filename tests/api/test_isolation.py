"""One file or one client never harms the others: the service with its workers."""

import hashlib
import http.client
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pytest
from fastapi.testclient import TestClient
from numpy.typing import NDArray

from hilum.api import Settings, create_app
from hilum.errors import WorkersUnavailableError
from hilum.imaging import Radiograph, decode
from hilum.isolation import IN_PROCESS, Budget, Content, FileContent
from hilum.isolation.pool import WorkerPool
from tests.api.conftest import LOCAL
from tests.isolation import tasks

T = TypeVar("T")

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="workers are forked")

BAD = b"\x89PNG\r\n\x1a\n of a decoder's fault"


class Sabotaged:
    """Isolation in a pool, where one file meets a function that harms its worker."""

    def __init__(self, pool: WorkerPool, harm: Callable[..., Any], *args: object) -> None:
        self._pool, self._harm, self._args = pool, harm, args

    def call(self, function: Callable[..., T], content: bytes, *args: Any, **kwargs: Any) -> T:
        if content == BAD:
            found: T = self._pool.call(self._harm, content, *self._args)
            return found
        return self._pool.call(function, content, *args, **kwargs)

    def close(self) -> None:
        self._pool.close()


@pytest.fixture(scope="module")
def pool() -> Iterator[WorkerPool]:
    made = WorkerPool(2, Budget(cpu_seconds=2, memory_bytes=256 * 2**20))
    yield made
    made.close()


@pytest.fixture
def client_with(models_dir: Path, page_dir: Path) -> Iterator[Callable[[Any], TestClient]]:
    entered: list[TestClient] = []

    def client(isolation: Any) -> TestClient:
        settings = Settings(models_dir=models_dir, page_dir=page_dir, max_pending_readings=256)
        entered.append(TestClient(create_app(settings, isolation), base_url=LOCAL))
        return entered[-1].__enter__()

    yield client
    for each in entered:
        each.__exit__()


def test_a_worker_killed_in_mid_request_costs_that_request_alone(
    pool: WorkerPool, client_with: Callable[[Any], TestClient], files: dict[str, bytes]
) -> None:
    client = client_with(Sabotaged(pool, tasks.segfault))

    def send(content: bytes) -> tuple[int, dict[str, Any]]:
        answer = client.post("/predict", files={"file": content})
        return answer.status_code, answer.json()

    contents = [files["png"]] * 50 + [BAD] + [files["jpeg"]] * 50
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(send, contents))
    (status, problem) = answers.pop(50)
    assert status == 422
    assert problem["type"] == "/problems/unreadable-radiograph"
    assert "could not be decoded" in problem["detail"]
    assert [status for status, _ in answers] == [200] * 100


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        pytest.param((tasks.spin,), "processor time", id="time"),
        pytest.param((tasks.allocate, 2**31), "256 MB of memory", id="memory"),
    ],
)
def test_a_file_over_budget_is_refused_with_the_reason(
    pool: WorkerPool,
    client_with: Callable[[Any], TestClient],
    harm: tuple[Any, ...],
    words: str,
) -> None:
    answer = client_with(Sabotaged(pool, *harm)).post("/predict", files={"file": BAD})
    assert answer.status_code == 413
    assert answer.json()["type"] == "/problems/too-large"
    assert words in answer.json()["detail"]


def test_a_service_that_can_start_no_process_asks_to_come_back(
    client_with: Callable[[Any], TestClient], files: dict[str, bytes]
) -> None:
    class Unavailable:
        def call(self, *_: Any, **__: Any) -> Any:
            raise WorkersUnavailableError("No process can be started.")

        def close(self) -> None:
            pass

    answer = client_with(Unavailable()).post("/predict", files={"file": files["png"]})
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0


def test_an_upload_on_the_disk_is_read_by_the_worker(
    pool: WorkerPool,
    client_with: Callable[[Any], TestClient],
    film: NDArray[np.uint8],
    encode: Callable[..., bytes],
) -> None:
    # Over the megabyte that uploads are kept in memory to.
    content = encode(film.repeat(6, axis=0).repeat(6, axis=1), "BMP")
    assert len(content) > 2**20
    given: list[Content] = []

    class Watched:
        def call(self, function: Any, content: Content, *args: Any, **kwargs: Any) -> Any:
            given.append(content)
            return pool.call(function, content, *args, **kwargs)

        def close(self) -> None:
            pass

    answer = client_with(Watched()).post("/predict", files={"file": content})
    assert answer.status_code == 200
    assert answer.json()["image"]["sha256"] == hashlib.sha256(content).hexdigest()
    assert [type(each) for each in given] == [FileContent]


@pytest.mark.parametrize("name", ["png", "jpeg", "tiff", "webp", "bmp", "dicom"])
def test_a_radiograph_is_the_same_from_a_worker(
    pool: WorkerPool, files: dict[str, bytes], name: str
) -> None:
    def facts(each: Radiograph) -> dict[str, Any]:
        return {field: getattr(each, field) for field in each.__slots__ if field != "pixels"} | {
            "pixels": each.pixels.tobytes(),
            "dtype": each.pixels.dtype,
        }

    assert facts(pool.call(decode, files[name])) == facts(IN_PROCESS.call(decode, files[name]))


def test_a_client_that_leaves_cancels_its_work(start_server: Callable[..., Any]) -> None:
    server = start_server(decode_workers=1, decode_seconds=60)
    # What workers are forked from.
    before = _descendants(server.process.pid)
    assert len(before) == 1
    with _posted(server.port) as connection:
        assert connection.getresponse().status == 415
    (worker,) = _descendants(server.process.pid) - before
    # It is at its work for ever from now on.
    os.kill(worker, signal.SIGSTOP)
    with _posted(server.port) as connection:
        connection.sock.settimeout(0.3)
        with pytest.raises(TimeoutError):
            connection.getresponse()
        assert worker in _descendants(server.process.pid)
    limit = time.monotonic() + 20
    while worker in _descendants(server.process.pid):
        assert time.monotonic() < limit
        threading.Event().wait(0.02)
    # Another has taken its place.
    with _posted(server.port) as connection:
        assert connection.getresponse().status == 415


@contextmanager
def _posted(port: int) -> Iterator[http.client.HTTPConnection]:
    """A connection on which a file was sent that is no picture."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    body = (
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\n'
        b"nothing\r\n--b--\r\n"
    )
    headers = {"Content-Type": "multipart/form-data; boundary=b", "Connection": "close"}
    connection.request("POST", "/predict", body, headers)
    try:
        yield connection
    finally:
        connection.close()


def _descendants(number: int) -> set[int]:
    """Processes that a process has started, and those that they have."""
    found: set[int] = set()
    for task in Path(f"/proc/{number}/task").iterdir():
        try:
            children = {int(each) for each in (task / "children").read_text().split()}
        except OSError:
            continue
        found |= children
    return found.union(*map(_descendants, found)) if found else found
