"""One reading through HTTP beside its bare parts, and throughput beside the student service's way.

Run: ``make bench`` (or ``python -m benchmarks.serving``). All figures are of one run, medians of
rounds in which everything takes its turn, so that a noisy machine is noisy for all.
"""

import http.client
import io
import json
import statistics
import time
from collections.abc import Callable

import numpy as np
import simplejpeg
from PIL import Image
from rich.console import Console
from rich.progress import track

from benchmarks.load import ROOT, multipart, post, rate, served
from hilum.imaging import decode, preprocess
from hilum.imaging.phantom import draw_phantom
from hilum.models import load_bundle
from hilum.models.anatomy import AnatomyCard
from hilum.models.anatomy.reader import anatomy_outputs
from hilum.models.bundle import load_bundle_of
from hilum.models.reader import classifier_outputs
from hilum.models.runtime import RuntimeName, load_runtime

BUNDLE = ROOT / "ml_model" / "pneumonia"
ROUNDS = 200
CLIENTS = 4
SECONDS = 5.0
PASSES = 3


def film() -> bytes:
    """Encode a drawn 1800 x 1400 radiograph with film grain as a grey JPEG."""
    pixels = 255 * draw_phantom(1400, 1800, seed=7, opacity="right_lower")
    grain = np.random.default_rng(7).normal(0, 3, pixels.shape)
    file = io.BytesIO()
    Image.fromarray(np.uint8(np.clip(pixels + grain, 0, 255))).save(file, "JPEG", quality=90)
    return file.getvalue()


def milliseconds(work: Callable[[], object]) -> float:
    """Time one call."""
    started = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - started)


def latency(content: bytes) -> dict[str, float]:
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
        }
        taken: dict[str, list[float]] = {name: [] for name in steps}
        for work in steps.values():
            for _ in range(10):
                work()
        for _ in track(range(ROUNDS), "latency"):
            for name, work in steps.items():
                taken[name].append(milliseconds(work))
    taken["anatomy and suitability in a reading"] = looked
    return {name: statistics.median(times) for name, times in taken.items()}


def _anatomy_ms(answer: bytes) -> float:
    """What the service says it took to look at the film before reading it."""
    return float(json.loads(answer)["timing_ms"]["anatomy"])


def throughput(content: bytes) -> dict[str, float]:
    """Median requests a second with four clients; the services take turns, all kept running."""
    body = multipart(content)
    student = {"MODEL_FILE": str(BUNDLE / "model.keras")}
    app, folder = "benchmarks.student_service:app", ROOT
    rates: dict[str, list[float]] = {}
    with (
        served("main:app", ROOT / "backend") as hilum,
        served(app, folder, MODEL_LOADED="once", **student) as once,
        served(app, folder, MODEL_LOADED="each", **student) as each,
    ):
        services = {
            "Hilum": (hilum, "/predict"),
            "student, model loaded once": (once, "/"),
            "student, model loaded at each request": (each, "/"),
        }
        for port, path in services.values():
            rate(port, path, body, clients=1, seconds=1)
        for _ in track(range(PASSES), "throughput"):
            for name, (port, path) in services.items():
                measured = rate(port, path, body, clients=CLIENTS, seconds=SECONDS)
                rates.setdefault(name, []).append(measured)
    return {name: statistics.median(measured) for name, measured in rates.items()}


def main() -> None:
    """Measure and print, for people on stderr and as JSON on stdout."""
    console = Console(stderr=True)
    content = film()
    took, rates = latency(content), throughput(content)
    bare = took["bare decode"] + took["bare anatomy inference"] + took["bare inference"]
    ours, once, each = rates.values()
    figures = {
        "file_bytes": len(content),
        "median_ms": took,
        "http_to_bare_sum": took["HTTP"] / bare,
        "anatomy_and_suitability_ms": took["anatomy and suitability in a reading"],
        "telling_anatomy_adds_ms": took["HTTP with anatomy told"] - took["HTTP"],
        "times_with_evidence_as_map": took["HTTP with evidence as map"] / took["HTTP"],
        "times_with_evidence_as_contours": took["HTTP with evidence as contours"] / took["HTTP"],
        "requests_per_second": rates,
        "times_student_loaded_once": ours / once,
        "times_student_loaded_each": ours / each,
    }
    console.print(
        f"One reading through HTTP: {figures['http_to_bare_sum']:.2f} times its bare parts"
    )
    console.print(
        f"With evidence: {figures['times_with_evidence_as_map']:.2f} times a reading without "
        f"as map, {figures['times_with_evidence_as_contours']:.2f} times as contours"
    )
    console.print(
        f"Throughput, {CLIENTS} clients: {ours / once:.1f} times the student service with its "
        f"model loaded once, {ours / each:.0f} times with it loaded at each request"
    )
    print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
