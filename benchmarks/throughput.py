"""Requests a second of Hilum and of the services that it is measured against, in turn."""

import statistics
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass

from rich.progress import track

from benchmarks.comparators import environment
from benchmarks.frozen import Networks
from benchmarks.load import ROOT, multipart, rate, served

CLIENTS = (1, 4)
HILUM = "Hilum"

Rates = dict[int, dict[str, list[float]]]
"""Requests a second in each pass, by number of clients and service."""


@dataclass(frozen=True, slots=True)
class Peer:
    """A service, not started yet, that gives its port; and the path that it reads at."""

    service: AbstractContextManager[int]
    path: str = "/predict"


def peers(networks: Sequence[Networks]) -> dict[str, Peer]:
    """All services, Hilum first."""
    found = {HILUM: Peer(served("main:app", ROOT / "backend"))}
    for each in networks:
        found[f"LitServe, {each} networks"] = Peer(environment.litserve(each))
        found[f"BentoML, {each} networks"] = Peer(environment.bentoml(each))
    for loaded, words in (("once", "once"), ("each", "at each request")):
        found[f"student service, model loaded {words}"] = Peer(_student(loaded), "/")
    return found


@contextmanager
def _student(loaded: str) -> Iterator[int]:
    model = str(Networks.FROZEN.folder / "pneumonia" / "model.keras")
    app = "benchmarks.student_service:app"
    with served(app, ROOT, MODEL_LOADED=loaded, MODEL_FILE=model) as port:
        yield port


def throughput(
    content: bytes, networks: Sequence[Networks], *, passes: int, seconds: float
) -> Rates:
    """Measure all services, which are kept running and take turns within each pass.

    Parameters
    ----------
    networks : sequence of Networks
        That LitServe and BentoML read with.
    seconds : float
        Of each service's turn.
    """
    body = multipart(content)
    measured: Rates = {clients: {} for clients in CLIENTS}
    with ExitStack() as running:
        services = {
            name: (running.enter_context(peer.service), peer.path)
            for name, peer in peers(networks).items()
        }
        for port, path in services.values():
            rate(port, path, body, clients=max(CLIENTS), seconds=1)
        for _ in track(range(passes), "throughput"):
            for clients, rates in measured.items():
                for name, (port, path) in services.items():
                    found = rate(port, path, body, clients=clients, seconds=seconds)
                    rates.setdefault(name, []).append(found)
    return measured


def rates_table(rates: Rates) -> str:
    """Median rates and Hilum's multiples of them, in Markdown."""
    titles = [f"{clients} at once | Hilum is" for clients in rates]
    lines = [f"| requests a second, clients: | {' | '.join(titles)} |"]
    lines.append("|---|" + "---|" * 2 * len(rates))
    for name in next(iter(rates.values())):
        cells = [
            f"{statistics.median(row[name]):.1f} | {times(row, name):.2f} times as fast"
            for row in rates.values()
        ]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def times(rates: dict[str, list[float]], name: str) -> float:
    """How many times as fast Hilum is as a service: the median of the passes."""
    pairs = zip(rates[HILUM], rates[name], strict=True)
    return statistics.median(ours / theirs for ours, theirs in pairs)
