"""Whether a film in true proportion is read as its copy that was squeezed to a square.

Public copies of a data set are often squeezed; users upload originals. Reads the films of a split
of a bundle's card that a second folder holds in true proportion, as they are there, squeezed to a
square of the same longer side, and as in the data set. Prints Markdown; differences are those from
the true proportion.

    python -m benchmarks.proportion --data DIR --originals FOLDER --split card:test
"""

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

import cv2
import numpy as np
import pandas as pd

from hilum.cli.common import load_registry, reader_called, show_progress
from hilum.datasets.card_splits import find_split
from hilum.datasets.labelled import LabelledSet
from hilum.datasets.walk import files_below
from hilum.evaluation.comparisons.table import told
from hilum.evaluation.figures.measure import measure
from hilum.evaluation.figures.outcomes import Answer, Outcomes, read_pictures
from hilum.evaluation.figures.resampling import PatientBootstrap, mean_interval
from hilum.evaluation.figures.words import figure_words
from hilum.evaluation.model_under_test import model_under_test

FIGURES = ("auroc", "sensitivity", "specificity", "expected_calibration_error", "parts_auroc")


def squeezed(content: bytes) -> bytes:
    """A picture squeezed to a square of its longer side, as PNG."""
    picture = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_GRAYSCALE)
    assert picture is not None
    side = max(picture.shape)
    _, file = cv2.imencode(".png", cv2.resize(picture, (side, side), interpolation=cv2.INTER_CUBIC))
    return file.tobytes()


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the three forms and print their figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", default="pneumonia", help="name, or folder of a bundle")
    parser.add_argument("--data", type=Path, required=True, help="labelled films")
    parser.add_argument("--originals", type=Path, required=True, help="films in true proportion")
    parser.add_argument("--split", default="card:test", help="see hilum evaluate")
    asked = parser.parse_args(arguments)
    settings, registry = load_registry()
    reader = reader_called(asked.model, settings, registry).without_site
    screener = registry.screener(needed=reader.reads_lung_field)
    read = model_under_test(reader, screener, limits=settings.limits).read
    given = find_split(asked.data, reader.bundle, asked.split).films.radiographs
    originals = {path.stem: path for path in files_below(asked.originals)}
    given = given[given["path"].map(lambda path: path.stem in originals)].reset_index(drop=True)
    if given.empty:
        parser.error(f"{asked.originals} holds none of the films of {asked.split}.")
    true = given.assign(path=given["path"].map(lambda path: originals[path.stem]))

    def outcomes(
        radiographs: pd.DataFrame, change: Callable[[bytes], bytes], words: str
    ) -> Outcomes:
        def changed(content: bytes) -> Answer:
            return read(change(content))

        shown = lambda paths: show_progress(paths, words)  # noqa: E731
        return read_pictures(LabelledSet(radiographs), changed, reader.card, progress=shown)

    found = {
        "true proportion": outcomes(true, lambda content: content, "true proportion"),
        "squeezed to a square": outcomes(true, squeezed, "squeezed"),
        "as in the data set": outcomes(given, lambda content: content, "as in the data set"),
    }
    task, words = reader.card.main_task, figure_words()
    first = found["true proportion"]
    resamples = PatientBootstrap(first.patients)
    score = {name: each.of(reader.card, task.finding) for name, each in found.items()}
    print(f"| {len(given)} films of {len(set(first.patients))} patients "
          f"| {' | '.join(words[name] for name in FIGURES)} | refused "
          "| mean difference of the probability | decided otherwise |")  # fmt: skip
    print("|---" * (len(FIGURES) + 4) + "|")
    for name, each in found.items():
        figures = measure(each, reader.card, task).figures
        difference = np.abs(score[name] - score["true proportion"])
        point = task.operating_point.threshold
        flipped = (score[name] >= point) != (score["true proportion"] >= point)
        cells = [
            *(told(figures[figure]) for figure in FIGURES),
            str(len(each.refused)),
            told(mean_interval(resamples, difference)),
            told(mean_interval(resamples, flipped.astype(np.float64))),
        ]
        print(f"| {name} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
