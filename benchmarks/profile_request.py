"""Where the time of one request goes, by step and by function.

Run: ``python -m benchmarks.profile_request``. Steps are by the service's own clock, medians of
requests through HTTP. Functions are of the same work in this process, under cProfile, which makes
Python's own code look slower than it is: compare them with each other, not with the steps.
"""

import argparse
import cProfile
import http.client
import json
import pstats
import statistics
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2

from benchmarks.film import film
from benchmarks.load import ROOT, milliseconds, multipart, post, served
from hilum.api.schemas import ReadingAnswer
from hilum.models import Registry, RuntimeName, read_file
from hilum.models.reading_models import ReadingModels
from hilum.words.catalogue import load_catalogue

WARM_UP = 10
ROWS = 20
_BACKEND = ROOT / "backend"


def steps(content: bytes, requests: int) -> dict[str, float]:
    """Median milliseconds of each step of a request through HTTP."""
    body = multipart(content)
    found: dict[str, list[float]] = {}
    with served("main:app", _BACKEND) as port:
        for number in range(WARM_UP + requests):
            connection = http.client.HTTPConnection("127.0.0.1", port)
            connection.connect()
            answers: list[bytes] = []
            whole = milliseconds(
                lambda to=connection, into=answers: into.append(post(to, "/predict", body))
            )
            connection.close()
            if number >= WARM_UP:
                for name, took in _steps(whole, json.loads(answers[0])["timing_ms"]).items():
                    found.setdefault(name, []).append(took)
    return {name: statistics.median(times) for name, times in found.items()}


def _steps(whole: float, told: dict[str, float]) -> dict[str, float]:
    """Split a request by what its answer tells of it."""
    total = told.pop("total")
    return {
        "decode, in a process of its own": told["decode"],
        "anatomy and suitability": told["anatomy"],
        "preparing the classifier's input": told["preprocess"],
        "classifier": told["inference"],
        "the rest of the reading": total - sum(told.values()),
        "HTTP, upload and answer": whole - total,
        "the whole request": whole,
    }


def profiled(work: Callable[[], object], requests: int) -> pstats.Stats:
    """Profile a function called so many times."""
    for _ in range(WARM_UP):
        work()
    profile = cProfile.Profile()
    for _ in range(requests):
        profile.runcall(work)
    return pstats.Stats(profile)


def reading_work(content: bytes) -> Callable[[], object]:
    """What the service does for a file: read it, and write the answer."""
    cv2.setNumThreads(1)
    registry = Registry(ROOT / "ml_model", default="pneumonia", runtime=RuntimeName.OPENVINO)
    models, words = ReadingModels.choose(registry), load_catalogue("en")
    return lambda: ReadingAnswer.of(read_file(content, models), words).model_dump_json()


@dataclass(frozen=True, slots=True)
class Row:
    """A function's figures for one request, in milliseconds."""

    name: str
    calls: float
    own: float
    whole: float
    is_ours: bool

    @classmethod
    def of(cls, function: tuple[str, int, str], figures: tuple[Any, ...], requests: int) -> "Row":
        file, line, name = function
        path = Path(file)
        is_ours = path.is_relative_to(_BACKEND)
        if is_ours:
            name = f"{path.relative_to(_BACKEND)}:{name}"
        elif line:
            name = f"{path.parent.name}/{path.name}:{name}"
        _, calls, own, whole, _ = figures
        return cls(name, calls / requests, 1000 * own / requests, 1000 * whole / requests, is_ours)


def rows(stats: pstats.Stats, requests: int) -> list[Row]:
    """All functions that were called."""
    every = stats.stats.items()  # type: ignore[attr-defined]
    return [Row.of(function, figures, requests) for function, figures in every]


def table(found: list[Row]) -> str:
    """Functions as Markdown."""
    lines = ["| function | calls | own ms | with what it calls |", "|---|---|---|---|"]
    lines += [
        f"| `{row.name.replace('|', ' ')}` | {row.calls:.0f} | {row.own:.2f} | {row.whole:.2f} |"
        for row in found
    ]
    return "\n".join(lines)


def main() -> None:
    """Measure and print, as Markdown."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--requests", type=int, default=100)
    requests = options.parse_args().requests
    content = film()
    took = steps(content, requests)
    whole = took["the whole request"]
    print("| step | median ms | share |\n|---|---|---|")
    for name, median in took.items():
        print(f"| {name} | {median:.2f} | {median / whole:.0%} |")
    found = rows(profiled(reading_work(content), requests), requests)
    print(f"\nMost time of their own:\n\n{table(_most(found, lambda row: row.own))}")
    ours = [row for row in found if row.is_ours]
    print(f"\nHilum's, with what they call:\n\n{table(_most(ours, lambda row: row.whole))}")


def _most(found: list[Row], by: Callable[[Row], float]) -> list[Row]:
    return sorted(found, key=by, reverse=True)[:ROWS]


if __name__ == "__main__":
    main()
