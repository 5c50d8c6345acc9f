"""One reading through HTTP beside its bare parts, and throughput beside other services.

Run: ``make bench`` (or ``python -m benchmarks.serving``). All figures are of one run, medians of
rounds in which everything takes its turn, so that a noisy machine is noisy for all.
"""

import argparse
import http.client
import json
import statistics

import numpy as np
import simplejpeg
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import track

from benchmarks.film import film
from benchmarks.frozen import Networks
from benchmarks.load import ROOT, milliseconds, multipart, post, served
from benchmarks.throughput import rates_table, throughput, times
from hilum.imaging import decode, preprocess
from hilum.models import load_bundle
from hilum.models.anatomy import AnatomyCard
from hilum.models.anatomy.reader import anatomy_outputs
from hilum.models.bundle import load_bundle_of
from hilum.models.in_progress import READINGS
from hilum.models.reader import classifier_outputs
from hilum.models.runtime import Runtime, RuntimeName, load_runtime

BUNDLE = ROOT / "ml_model" / "pneumonia"


def latency(content: bytes, rounds: int) -> dict[str, float]:
    """Median milliseconds of one reading through HTTP and of its bare parts, in turn."""
    bundle = load_bundle(BUNDLE)
    runtime = load_runtime(bundle, RuntimeName.OPENVINO, classifier_outputs(bundle.card))
    batch = preprocess(decode(content), bundle.card.preprocessing)[None]
    measuring = load_bundle_of(AnatomyCard, ROOT / "ml_model" / "anatomy")
    anatomy = load_runtime(measuring, RuntimeName.OPENVINO, anatomy_outputs(measuring.card))
    anatomy_batch = preprocess(decode(content), measuring.card.preprocessing)[None]
    body = multipart(content)
    looked: list[float] = []
    with served("main:app", ROOT / "backend") as port:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        steps = {
            "HTTP": lambda: looked.append(_anatomy_ms(post(connection, "/predict", body))),
            "HTTP with anatomy told": lambda: post(connection, "/predict?anatomy=true", body),
            # Decided at 0, so that there is evidence to show whatever the network says.
            "HTTP with evidence as map": lambda: post(
                connection, "/predict?operating_point=0&evidence=map", body
            ),
            "HTTP with evidence as contours": lambda: post(
                connection, "/predict?operating_point=0&evidence=contour", body
            ),
            "bare decode": lambda: simplejpeg.decode_jpeg(content, "GRAY"),
            "bare inference": lambda: runtime.infer(batch),
            "bare anatomy inference": lambda: anatomy.infer(anatomy_batch),
            "bare inference on all cores": lambda: _alone(runtime, batch),
            "bare anatomy inference on all cores": lambda: _alone(anatomy, anatomy_batch),
        }
        taken: dict[str, list[float]] = {name: [] for name in steps}
        for work in steps.values():
            for _ in range(10):
                work()
        for _ in track(range(rounds), "latency"):
            for name, work in steps.items():
                taken[name].append(milliseconds(work))
    taken["anatomy and suitability in a reading"] = looked
    return {name: statistics.median(times) for name, times in taken.items()}


def _alone(runtime: Runtime, batch: NDArray[np.float32]) -> None:
    """Infer as in a reading beside which there is no other one."""
    with READINGS.counted():
        runtime.infer(batch)


def _anatomy_ms(answer: bytes) -> float:
    """What the service says it took to look at the film before reading it."""
    return float(json.loads(answer)["timing_ms"]["anatomy"])


def main() -> None:
    """Measure and print, for people on stderr and as JSON on stdout."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=200, help="of latency")
    options.add_argument("--passes", type=int, default=8, help="of throughput")
    options.add_argument("--seconds", type=float, default=2.5, help="of each service and pass")
    options.add_argument(
        "--networks",
        type=Networks,
        nargs="+",
        choices=Networks,
        default=list(Networks),
        help="that LitServe and BentoML read with: those of 2026.11.4, the present ones, or both",
    )
    chosen = options.parse_args()
    console = Console(stderr=True)
    content = film()
    took = latency(content, chosen.rounds)
    rates = throughput(content, chosen.networks, passes=chosen.passes, seconds=chosen.seconds)
    bare = took["bare decode"] + took["bare anatomy inference"] + took["bare inference"]
    figures = {
        "file_bytes": len(content),
        "median_ms": took,
        "http_to_bare_sum": took["HTTP"] / bare,
        "anatomy_and_suitability_ms": took["anatomy and suitability in a reading"],
        "telling_anatomy_adds_ms": took["HTTP with anatomy told"] - took["HTTP"],
        "times_with_evidence_as_map": took["HTTP with evidence as map"] / took["HTTP"],
        "times_with_evidence_as_contours": took["HTTP with evidence as contours"] / took["HTTP"],
        "requests_per_second_in_passes": rates,
        "times_as_fast": {
            clients: {name: times(row, name) for name in row} for clients, row in rates.items()
        },
    }
    console.print(
        f"One reading through HTTP: {figures['http_to_bare_sum']:.2f} times its bare parts"
    )
    console.print(
        f"With evidence: {figures['times_with_evidence_as_map']:.2f} times a reading without "
        f"as map, {figures['times_with_evidence_as_contours']:.2f} times as contours"
    )
    console.print(rates_table(rates), markup=False, soft_wrap=True)
    print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
