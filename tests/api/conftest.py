"""The service in this process, and as a process of its own where sockets matter."""

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from hilum.api import Settings, create_app
from hilum.isolation import IN_PROCESS, Budget, Isolation
from hilum.isolation.pool import WorkerPool

LOCAL = "http://127.0.0.1:8000"
"""Where the service is in this process: on a loopback address, which needs no token."""


@pytest.fixture(scope="session")
def page_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A built page of two files."""
    folder = tmp_path_factory.mktemp("page")
    (folder / "index.html").write_text("<!doctype html><title>Hilum</title>")
    (folder / "assets").mkdir()
    (folder / "assets" / "index-abc.js").write_text("0")
    return folder


@pytest.fixture(scope="session")
def workers() -> Iterator[WorkerPool]:
    """Processes to decode in, for all services of these tests."""
    # The machine of the tests may have other work; what the limits do is tested elsewhere.
    pool = WorkerPool(2, Budget(cpu_seconds=10))
    yield pool
    pool.close()


@pytest.fixture(scope="session")
def make_client(models_dir: Path, page_dir: Path, workers: WorkerPool) -> Callable[..., TestClient]:
    """A client of a service with these settings; to be entered, so that it starts up."""

    def client(isolation: Isolation = workers, **settings: Any) -> TestClient:
        facts = {"models_dir": models_dir, "page_dir": page_dir} | settings
        return TestClient(create_app(Settings(**facts), isolation), base_url=LOCAL)

    return client


@pytest.fixture(scope="session")
def client(make_client: Callable[..., TestClient]) -> Iterator[TestClient]:
    """A client of the service with the tiny bundle."""
    with make_client() as client:
        yield client


@pytest.fixture
def client_in_process(make_client: Callable[..., TestClient]) -> Iterator[TestClient]:
    """The same, where files are worked on in this process, which a test can change."""
    with make_client(IN_PROCESS) as client:
        yield client


class Server:
    """`hilum serve` as a process, with what it logs."""

    def __init__(self, environment: dict[str, str]) -> None:
        command = "from hilum.cli import main; main()"
        self.process = subprocess.Popen(
            [sys.executable, "-c", command, "serve", "--port", "0"],
            env=os.environ | environment | {"PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.lines: list[str] = []
        self._has_more = threading.Condition()
        self.port = 0
        for line in self._log():
            self.lines.append(line)
            if found := re.search(r"running on http://127\.0\.0\.1:(\d+)", line):
                self.port = int(found[1])
                break
        assert self.port, "".join(self.lines)
        self._follower = threading.Thread(target=self._follow, daemon=True)
        self._follower.start()

    def _log(self) -> Iterator[str]:
        assert self.process.stdout is not None
        return iter(self.process.stdout.readline, "")

    def _follow(self) -> None:
        for line in self._log():
            with self._has_more:
                self.lines.append(line)
                self._has_more.notify_all()

    def log_until(self, words: str) -> str:
        """All that was logged, once these words were."""
        with self._has_more:
            while not any(words in line for line in self.lines):
                assert self._has_more.wait(timeout=30), f"never logged: {words}"
            return "".join(self.lines)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def open_files(self) -> int:
        return len(list(Path(f"/proc/{self.process.pid}/fd").iterdir()))

    @property
    def peak_memory_bytes(self) -> int:
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return 1024 * int(re.search(r"VmHWM:\s+(\d+)", status)[1])  # type: ignore[index]

    def terminate(self) -> None:
        self.process.send_signal(signal.SIGTERM)

    def wait(self) -> int:
        """Wait for the end of the process and of its log; its exit status."""
        status = self.process.wait(timeout=40)
        self._follower.join(timeout=10)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return status


@pytest.fixture(scope="module")
def start_server(
    models_dir: Path, page_dir: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., Server]]:
    """Start a server with these settings; it is stopped when the module's tests are done.

    Its store is its own, unless the settings name one.
    """
    started: list[Server] = []

    def start(**settings: Any) -> Server:
        store = tmp_path_factory.mktemp("server") / "store"
        facts = {"models_dir": models_dir, "page_dir": page_dir, "store": store} | settings
        environment = {f"HILUM_{name.upper()}": str(value) for name, value in facts.items()}
        started.append(Server(environment))
        return started[-1]

    yield start
    for server in started:
        if server.process.poll() is None:
            server.terminate()
            server.wait()


@pytest.fixture(scope="module")
def server(start_server: Callable[..., Server]) -> Server:
    """A server with limits of 4 MB a file and 8 MB a request."""
    return start_server(max_upload_bytes=4 * 2**20, max_request_bytes=8 * 2**20)
