"""What files that were made to harm cost a service, and the films that others send meanwhile.

``python -m benchmarks.hostile_files`` starts the service, reads a synthetic film each second for
a while, and again while every file of `tests.hostile` is sent to ``/predict``, and those of DICOM
to ``/deidentify`` and to STOW-RS, too, one after the other or several at once (``--at-once``).
Memory is what all processes of the service hold together, shared pages counted once.
"""

import argparse
import http.client
import json
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import numpy as np
from tests.hostile import hostile_files

from benchmarks.load import multipart, post
from benchmarks.service import hilum_served
from hilum.imaging.phantom import draw_phantom
from hilum.imaging.phantom_files import as_file
from hilum.isolation.budget import available_bytes

_Request = tuple[str, str, bytes, str]
_STOW = 'multipart/related; type="application/dicom"; boundary=b'
_DICOM = ".dcm"


def _requests() -> list[_Request]:
    """Name, path, body and media type of what is sent."""
    found = []
    form = multipart(b"").split(b"\r\n", 1)[0].removeprefix(b"--").decode()
    for name, content in hostile_files().items():
        body, kind = multipart(content), f"multipart/form-data; boundary={form}"
        found.append((name, "/predict", body, kind))
        if name.endswith(_DICOM):
            found.append((name, "/deidentify", body, kind))
            part = b"--b\r\nContent-Type: application/dicom\r\n\r\n" + content + b"\r\n--b--"
            found.append((name, "/dicomweb/studies", part, _STOW))
    return found


def _send(port: int, path: str, body: bytes, kind: str) -> tuple[int, float]:
    """Status of the answer, and seconds until it came."""
    started = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    connection.request("POST", path, body, {"Content-Type": kind})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status, time.perf_counter() - started


class _Films:
    """A film each second, until it is told to stop."""

    def __init__(self, port: int, body: bytes) -> None:
        self._port, self._body = port, body
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._read)
        self.seconds: list[float] = []

    def __enter__(self) -> "_Films":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _read(self) -> None:
        while not self._over.is_set():
            started = time.perf_counter()
            connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=120)
            post(connection, "/predict", self._body)
            connection.close()
            self.seconds.append(time.perf_counter() - started)
            self._over.wait(1 - self.seconds[-1])

    @property
    def p99_ms(self) -> float:
        """The time within which 99 % of the films were read."""
        return float(1000 * np.percentile(self.seconds, 99))


class _Memory:
    """The most that a process and its descendants held together."""

    def __init__(self, number: int) -> None:
        self._number = number
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self.most_bytes = 0

    def __enter__(self) -> "_Memory":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(0.2):
            self.most_bytes = max(self.most_bytes, sum(map(_pss_bytes, _family(self._number))))


def _family(number: int) -> list[int]:
    found, parents = [number], {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            parents[int(path.parent.name)] = int(path.read_text().rpartition(")")[2].split()[1])
    for each in found:
        found += [child for child, parent in parents.items() if parent == each]
    return found


def _pss_bytes(number: int) -> int:
    with suppress(OSError):
        for line in Path(f"/proc/{number}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return 1024 * int(line.split()[1])
    return 0


def main() -> None:
    """Measure, and print JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--alone", type=float, default=60, help="Seconds without hostile files.")
    parser.add_argument("--rounds", type=int, default=3, help="How often each file is sent.")
    parser.add_argument("--at-once", type=int, default=1, help="Hostile files sent at a time.")
    chosen = parser.parse_args()
    film = multipart(as_file(draw_phantom(1024, 1024), ".jpg"))
    requests = _requests()
    with hilum_served() as service:
        with _Films(service.port, film):
            time.sleep(5)
        with _Films(service.port, film) as alone:
            time.sleep(chosen.alone)

        def answered(request: _Request) -> tuple[str, int, float]:
            name, path, body, kind = request
            return f"{name} {path}", *_send(service.port, path, body, kind)

        with (
            _Films(service.port, film) as attacked,
            _Memory(service.number) as memory,
            ThreadPoolExecutor(chosen.at_once) as senders,
        ):
            taken = list(senders.map(answered, requests * chosen.rounds))
    statuses = Counter(status for _, status, _ in taken)
    # The slowest answer to each of all rounds.
    slowest: dict[str, tuple[float, int]] = {}
    for name, status, seconds in taken:
        slowest[name] = max(slowest.get(name, (0.0, 0)), (round(seconds, 2), status))
    by_time = sorted(slowest.items(), key=lambda each: each[1], reverse=True)
    print(
        json.dumps(
            {
                "requests": len(taken),
                "statuses": statuses,
                "films": {"alone": len(alone.seconds), "attacked": len(attacked.seconds)},
                "p99_ms": {"alone": round(alone.p99_ms), "attacked": round(attacked.p99_ms)},
                "p99_ratio": round(attacked.p99_ms / alone.p99_ms, 2),
                "most_mb": round(memory.most_bytes / 2**20),
                "quarter_mb": round(available_bytes() / 4 / 2**20),
                "slowest_s": {f"{name} {status}": seconds for name, (seconds, status) in by_time},
            },
            indent=2,
        )
    )


if __name__ == "__main__":
    main()
