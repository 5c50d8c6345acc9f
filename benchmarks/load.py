"""A small closed-loop load: some clients, each sending its next request when it has its answer."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_BOUNDARY = "hilum-bench"
_TIMEOUT_SECONDS = 120


def multipart(content: bytes) -> bytes:
    """Encode a form with one file in the field ``file``."""
    head = (
        f"--{_BOUNDARY}\r\nContent-Disposition: form-data; name=file; filename=film.jpg\r\n"
        "Content-Type: image/jpeg\r\n\r\n"
    )
    return head.encode() + content + f"\r\n--{_BOUNDARY}--\r\n".encode()


def post(connection: http.client.HTTPConnection, path: str, body: bytes) -> bytes:
    """Send one form and return the answer; anything but 200 ends the run."""
    kind = f"multipart/form-data; boundary={_BOUNDARY}"
    connection.request("POST", path, body, {"Content-Type": kind})
    response = connection.getresponse()
    answer = response.read()
    if response.status != 200:
        raise SystemExit(f"{path} answered {response.status}: {answer[:200]!r}")
    return answer


def milliseconds(work: Callable[[], object]) -> float:
    """Time one call."""
    started = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - started)


def rate(port: int, path: str, body: bytes, *, clients: int, seconds: float) -> float:
    """Requests answered a second."""
    counts = [0] * clients
    stop = time.perf_counter() + seconds

    def run(client: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_TIMEOUT_SECONDS)
        while time.perf_counter() < stop:
            post(connection, path, body)
            counts[client] += 1

    started = time.perf_counter()
    threads = [threading.Thread(target=run, args=(client,)) for client in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / (time.perf_counter() - started)


@contextmanager
def served(app: str, folder: Path, **environment: str) -> Iterator[int]:
    """Serve an app with uvicorn on a free port, until the block ends.

    Hilum reads with one model, whoever the patient is, unless the environment names another.
    """
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", app, "--port", str(port), "--log-level", "error"]
    quiet = {"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1"}
    one_model = {"HILUM_DEFAULT_MODEL": "pneumonia"}
    with running(command, folder, port, **(quiet | one_model | environment)):
        yield port


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def running(command: list[str], folder: Path, port: int, **environment: str) -> Iterator[None]:
    """Run a service until the block ends, from when it listens on its port."""
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=os.environ | environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        # A group of its own: some services leave their workers behind.
        start_new_session=True,
    )
    try:
        _wait_for(port, process)
        yield
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(10)
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        if process.poll() is not None:
            raise SystemExit(f"the service ended with status {process.returncode}")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("the service did not start in a minute")
