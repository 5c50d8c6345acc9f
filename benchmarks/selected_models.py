"""Time of a request that both models answer, beside one that the findings model answers alone.

Run: ``python -m benchmarks.selected_models``. One service, one client; the requests take turns, so
that ratios are of one run: medians, and their ratio to the findings model alone.
"""

import argparse
import http.client
import statistics

from benchmarks.film import film
from benchmarks.load import ROOT, milliseconds, multipart, post, served

ASKED = {
    "findings alone": "model=findings",
    "pneumonia alone": "model=pneumonia",
    "both": "model=findings&model=pneumonia",
    "selected by age": "model=auto",
}
WARM_UP = 10


def main() -> None:
    """Print milliseconds and ratio of each choice."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=150)
    rounds = parser.parse_args().rounds
    body = multipart(film())
    times: dict[str, list[float]] = {name: [] for name in ASKED}
    with served("main:app", ROOT / "backend") as port:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        for at in range(WARM_UP + rounds):
            for name, asked in ASKED.items():
                path = f"/predict?{asked}"
                taken = milliseconds(lambda path=path: post(connection, path, body))
                if at >= WARM_UP:
                    times[name].append(taken)
    alone = statistics.median(times["findings alone"])
    for name, each in times.items():
        median = statistics.median(each)
        print(f"{name:<16} {median:6.1f} ms, {median / alone:.2f} times")


if __name__ == "__main__":
    main()
