"""Hilum on one core: the code and networks of 2026.11.4 against the present ones.

Run: ``python -m benchmarks.one_core`` (Linux). Both are processes of their own, bound to one core
with this one, and take turns part by part. Ratios are medians of the rounds' own.
"""

import argparse
import http.client
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import track

from benchmarks.film import film
from benchmarks.frozen import Networks
from benchmarks.load import ROOT, milliseconds, multipart, post, served

PARTS = ("anatomy", "pneumonia", "decode", "reading")
REQUEST = "request"
"""A reading through HTTP, by a service and a client on the same core."""

Times = dict[Networks, dict[str, list[float]]]


@contextmanager
def timer(networks: Networks, file: Path) -> Iterator[Callable[[str], float]]:
    """Start a process that times parts of a reading of a file with the code of the networks."""
    models = networks.folder
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.reading_timer", str(file), str(models)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(models.parent / "backend")},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )

    def timed(part: str) -> float:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(f"{part}\n")
        process.stdin.flush()
        answer = process.stdout.readline()
        if not answer:
            raise SystemExit(f"the {networks} code ended with status {process.wait()}")
        return float(answer)

    with process:
        yield timed


def measure(content: bytes, rounds: int) -> Times:
    """Milliseconds of each part in each round, with either code."""
    times: Times = {each: {part: [] for part in (*PARTS, REQUEST)} for each in Networks}
    body = multipart(content)
    with ExitStack() as running, tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "film.jpg"
        file.write_bytes(content)
        timers = {each: running.enter_context(timer(each, file)) for each in Networks}
        connections = {each: _connection(running, each) for each in Networks}
        for each, timed in timers.items():
            # Answered when the process has started: it shares the core with what is timed.
            timed("decode")
            for _ in range(10):
                _request_ms(connections[each], body)
        for _ in track(range(rounds), "one core", console=Console(stderr=True)):
            for part in PARTS:
                for each, timed in timers.items():
                    times[each][part].append(timed(part))
            for each, connection in connections.items():
                times[each][REQUEST].append(_request_ms(connection, body))
    return times


def _request_ms(connection: http.client.HTTPConnection, body: bytes) -> float:
    # Anew, as the service closes what is idle for seconds.
    connection.close()
    connection.connect()
    return milliseconds(lambda: post(connection, "/predict", body))


def _connection(running: ExitStack, networks: Networks) -> http.client.HTTPConnection:
    backend = networks.folder.parent / "backend"
    port = running.enter_context(served("main:app", backend, PYTHONPATH=str(backend)))
    return http.client.HTTPConnection("127.0.0.1", port)


def summary(times: Times) -> dict[str, float]:
    """Ratios of what is compared: the median of the rounds."""
    frozen, present = times[Networks.FROZEN], times[Networks.PRESENT]
    bare = [sum(each) for each in zip(*(present[part] for part in PARTS[:3]), strict=True)]
    return {
        "anatomy network, present to frozen": _ratio(present["anatomy"], frozen["anatomy"]),
        "reading, present to frozen": _ratio(present["reading"], frozen["reading"]),
        "request through HTTP, present to frozen": _ratio(present[REQUEST], frozen[REQUEST]),
        "present reading to its bare parts": _ratio(present["reading"], bare),
        "present request through HTTP to its bare parts": _ratio(present[REQUEST], bare),
    }


def _ratio(ours: list[float], theirs: list[float]) -> float:
    return statistics.median(a / b for a, b in zip(ours, theirs, strict=True))


def main() -> None:
    """Measure and print, as Markdown."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=200)
    options.add_argument("--core", type=int, default=min(os.sched_getaffinity(0)))
    options.add_argument("--json", type=Path, help="where all times go")
    chosen = options.parse_args()
    # Inherited by all that is started.
    os.sched_setaffinity(0, {chosen.core})
    times = measure(film(), chosen.rounds)
    print("| median ms | frozen | present |\n|---|---|---|")
    for part in (*PARTS, REQUEST):
        cells = (f"{statistics.median(times[each][part]):.1f}" for each in Networks)
        print(f"| {part} | {' | '.join(cells)} |")
    print("\n| ratio | median of the rounds |\n|---|---|")
    for words, ratio in summary(times).items():
        print(f"| {words} | {ratio:.2f} |")
    if chosen.json:
        chosen.json.write_text(json.dumps(times), "utf-8")


if __name__ == "__main__":
    main()
