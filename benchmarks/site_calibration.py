"""How many local films `hilum calibrate` needs: a curve for each acquisition that is left out.

Groups the films by how they were acquired (k-means of their borders, histograms and sizes; a
patient is in one group). For each group, calibration, operating point and prediction sets are
fitted to the films of the other groups: that is a model that has not seen this acquisition since
its network was trained. Then they are fitted again, as `hilum calibrate` does, to 50, 100 and 200
films of the group, drawn at random, and measured on its other patients.

Run it on films that trained nothing; a network that saw films of the group in training has
smaller errors at 0 local films than one that did not. Prints Markdown: means over the draws, and
what 95 % of the draws lie between.

    python -m benchmarks.site_calibration --data DIR --split card:test --split card:validation
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hilum.cli.common import load_registry, reader_called, show_progress
from hilum.datasets.card_splits import find_split
from hilum.datasets.labelled import LabelledSet
from hilum.errors import DatasetError
from hilum.evaluation.calibration.profile import truths_of
from hilum.evaluation.calibration.recalibrate import Truths, changed_probabilities
from hilum.evaluation.calibration.site import LEAST_PATIENTS, fit_values
from hilum.evaluation.figures import statistics as stats
from hilum.evaluation.figures.decided import decided_at
from hilum.evaluation.figures.outcomes import Answer, probability_of, read_pictures
from hilum.evaluation.model_under_test import model_under_test
from hilum.evaluation.shortcuts.acquisition import border, histogram, size
from hilum.imaging import decode
from hilum.models.card import Card

LOCAL = (50, 100, 200)
FIGURES = ("ECE", "coverage, with", "coverage, without", "sensitivity", "specificity")
_LEAST_MEASURED = 50
_FITTED_ON = "drawn films"

Rows = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Films:
    """What a model says of films, by the card's calibration, and how they were acquired."""

    card: Card
    probabilities: NDArray[np.float64]
    truths: Truths
    patients: NDArray[np.str_]
    features: NDArray[np.float64]

    def where(self, rows: Rows) -> "Films":
        truths = {finding: truth[rows] for finding, truth in self.truths.items()}
        return Films(
            self.card, self.probabilities[rows], truths, self.patients[rows], self.features[rows]
        )

    def calibrated_on(self, others: "Films") -> "Films":
        """The same films by values that are fitted to others."""
        calibration, tasks = fit_values(
            others.probabilities,
            others.truths,
            others.patients.tolist(),
            self.card,
            fitted_on=_FITTED_ON,
        )
        changed = changed_probabilities(self.probabilities, self.card, calibration)
        card = self.card.model_copy(
            update={
                "calibration": calibration,
                "tasks": tuple(tasks.get(task.finding, task) for task in self.card.tasks),
            }
        )
        return Films(card, changed, self.truths, self.patients, self.features)

    @property
    def truth(self) -> NDArray[np.float64]:
        """Of the main finding."""
        return self.truths[self.card.main]


def read_films(model: str, data: Path, splits: Sequence[str | None], most: int | None) -> Films:
    """Have a model read labelled films of some splits; of each split at most so many."""
    settings, registry = load_registry()
    reader = reader_called(model, settings, registry).without_site
    tested = model_under_test(
        reader, registry.screener(needed=reader.reads_lung_field), limits=settings.limits
    )
    features: list[NDArray[np.float64]] = []

    def read(content: bytes) -> Answer:
        answer = tested.read(content)
        features.append(_features(content))
        return answer

    outcomes = []
    for split in splits:
        films = find_split(data, reader.bundle, split).films.radiographs
        if most is not None:
            films = films.sample(min(most, len(films)), random_state=0)
        shown = lambda paths: show_progress(paths, "reading")  # noqa: E731
        outcomes.append(read_pictures(LabelledSet(films), read, reader.card, progress=shown))
    truths = [truths_of(each, reader.card) for each in outcomes]
    return Films(
        reader.card,
        np.concatenate([each.probabilities for each in outcomes]),
        {finding: np.concatenate([each[finding] for each in truths]) for finding in truths[0]},
        np.concatenate([each.patients for each in outcomes]),
        np.stack(features),
    )


def _features(content: bytes) -> NDArray[np.float64]:
    radiograph = decode(content)
    parts = [border(radiograph), histogram(radiograph), size(radiograph)]
    return np.concatenate(parts)


def acquisitions(films: Films, groups: int) -> NDArray[np.intp]:
    """Group of each film, shape (n,); the same for all films of a patient."""
    from sklearn.cluster import KMeans
    from sklearn.decomposition import PCA
    from sklearn.preprocessing import StandardScaler

    names, index = np.unique(films.patients, return_inverse=True)
    sums = np.zeros((len(names), films.features.shape[1]))
    np.add.at(sums, index, films.features)
    means = StandardScaler().fit_transform(sums / np.bincount(index)[:, None])
    parts = PCA(min(10, *means.shape), random_state=0).fit_transform(means)
    found: NDArray[np.intp] = KMeans(groups, n_init=10, random_state=0).fit_predict(parts)
    return found[index]


def curve(
    films: Films, here: NDArray[np.bool_], *, draws: int, counts: Sequence[int] = LOCAL
) -> dict[str, NDArray[np.float64]]:
    """Figures of one group by the number of local films, each of shape (draws, figures).

    Raises
    ------
    DatasetError
        There are too few films here or elsewhere.
    """
    rng = np.random.default_rng(0)
    local, others = films.where(np.flatnonzero(here)), films.where(np.flatnonzero(~here))
    known = np.flatnonzero(~np.isnan(local.truth))
    away = local.calibrated_on(others)
    found: dict[str, list[list[float]]] = {}
    for _ in range(draws):
        order = _in_order(local, rng.permutation(known))
        drawn = {count: _first(local, order, count) for count in counts}
        used = set(local.patients[np.concatenate(list(drawn.values()))].tolist())
        rest = known[[local.patients[row] not in used for row in known]]
        if len(rest) < _LEAST_MEASURED:
            raise DatasetError(f"{len(rest)} films are left to measure on: ask for fewer.")
        found.setdefault("bundle", []).append(_measured(local.where(rest)))
        found.setdefault("0", []).append(_measured(away.where(rest)))
        for count, rows in drawn.items():
            at_site = away.where(rest).calibrated_on(away.where(rows))
            found.setdefault(str(count), []).append(_measured(at_site))
    return {name: np.array(rows) for name, rows in found.items()}


def _in_order(local: Films, order: Rows) -> Rows:
    """The films, each patient's first one before all second ones."""
    patients = local.patients[order]
    repeats = [int((patients[:at] == each).sum()) for at, each in enumerate(patients)]
    return order[np.argsort(repeats, kind="stable")]


def _first(local: Films, order: Rows, count: int) -> Rows:
    """The first films with the group's share of positives, so that fewer are among more.

    At least 25 are of either label, which `hilum calibrate` asks for.
    """
    is_positive = local.truth[order] > 0
    wanted = round(count * float(is_positive.mean()))
    positives = min(max(wanted, LEAST_PATIENTS), count - LEAST_PATIENTS)
    chosen = (order[is_positive][:positives], order[~is_positive][: count - positives])
    return np.concatenate(chosen)


def _measured(films: Films) -> list[float]:
    card, truth = films.card, films.truth > 0
    score = probability_of(films.probabilities, card, card.main)
    decided = decided_at(card.main_task, score)
    called = score >= decided.thresholds
    figures = (
        stats.expected_calibration_error(truth, score),
        *_coverage(truth, decided.sets),
        stats.share(truth, called),
        stats.share(~truth, ~called),
    )
    return [float(figure[0]) for figure in figures]


def _coverage(
    truth: NDArray[np.bool_], sets: NDArray[np.bool_] | None
) -> list[NDArray[np.float64]]:
    if sets is None:
        return [np.array([np.nan])] * 2
    return [stats.share(truth, sets[:, 0]), stats.share(~truth, sets[:, 1])]


def table(found: dict[str, NDArray[np.float64]]) -> str:
    """Markdown: means over the draws, and what 95 % of the draws lie between."""
    lines = [f"| local films | {' | '.join(FIGURES)} |", f"|---|{'---|' * len(FIGURES)}"]
    for name, values in found.items():
        low, high = np.percentile(values, [2.5, 97.5], axis=0)
        cells = [
            f"{mean:.3f} ({least:.3f} to {most:.3f})"
            for mean, least, most in zip(values.mean(axis=0), low, high, strict=True)
        ]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", default="pneumonia", help="name, or folder of a bundle")
    parser.add_argument("--data", type=Path, required=True, help="labelled films")
    parser.add_argument("--split", action="append", help="see hilum evaluate; repeatable")
    parser.add_argument("--films", type=int, help="at most so many films of each split")
    parser.add_argument("--groups", type=int, default=2, help="acquisitions to tell apart")
    parser.add_argument("--local", type=int, nargs="+", default=LOCAL, help="numbers of films")
    parser.add_argument("--draws", type=int, default=20, help="of local films")
    asked = parser.parse_args(arguments)
    films = read_films(asked.model, asked.data, asked.split or [None], asked.films)
    group = acquisitions(films, asked.groups)
    print(f"{films.card.name} {films.card.version}, {films.card.main.label.lower()}")
    for number in range(asked.groups):
        here = group == number
        patients = len(np.unique(films.patients[here]))
        positives = int(np.nansum(films.truth[here]))
        print(f"\nAcquisition {number + 1}: {here.sum()} films of {patients} patients, "
              f"{positives} positive\n")  # fmt: skip
        try:
            print(table(curve(films, here, draws=asked.draws, counts=asked.local)))
        except DatasetError as exc:
            print(f"Not measured: {exc}")


if __name__ == "__main__":
    main()
