"""Comparison of a model with human readers of the same images."""

from dataclasses import dataclass
from functools import partial
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from hilum.datasets.reader_labels import ReaderLabels
from hilum.evaluation.comparisons.paired import McnemarTest, mcnemar_test
from hilum.evaluation.figures import statistics as stats
from hilum.evaluation.figures.outcomes import Outcomes
from hilum.evaluation.figures.resampling import PatientBootstrap, Weights
from hilum.evaluation.figures.task_outcomes import task_outcomes
from hilum.models.card import Card
from hilum.models.measured import Interval


@dataclass(frozen=True, slots=True)
class ReaderComparison:
    """One reader and the model, on the pictures that the reader read.

    Attributes
    ----------
    sensitivity, specificity : Interval or None
        The reader's; None without a positive, or a negative, picture.
    model_sensitivity, model_specificity : Interval or None
        The model's at its operating point.
    sensitivity_difference, specificity_difference : Interval or None
        Model minus reader, paired.
    mcnemar_positive, mcnemar_negative : McnemarTest
        Reader first, model second; on positive and on negative pictures.
    kappa : Interval or None
        Agreement of reader and model beyond chance.
    """

    reader: str
    images: int
    patients: int
    positives: int
    sensitivity: Interval | None
    specificity: Interval | None
    model_sensitivity: Interval | None
    model_specificity: Interval | None
    sensitivity_difference: Interval | None
    specificity_difference: Interval | None
    mcnemar_positive: McnemarTest
    mcnemar_negative: McnemarTest
    kappa: Interval | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """Agreement of two readers on the pictures that both read.

    Attributes
    ----------
    kappa : Interval or None
    """

    first: str
    second: str
    images: int
    kappa: Interval | None


def compare_readers(
    outcomes: Outcomes, card: Card, reader_labels: ReaderLabels
) -> list[ReaderComparison]:
    """Compare the model at its operating point with each reader, on what that reader read."""
    said_of_main = task_outcomes(outcomes, card, card.main)
    truth = said_of_main.truth
    called = said_of_main.score >= card.main_task.operating_point.threshold
    radiographs, compared = outcomes.radiographs.iloc[said_of_main.rows], []
    for reader, said in reader_labels.by_reader.items():
        at = radiographs["name"].isin(said).to_numpy()
        reads_of = radiographs["name"][at].map(said).to_numpy(dtype=bool)
        patients = radiographs["patient"][at].tolist()
        compared.append(_compare(reader, patients, truth[at], reads_of, called[at]))
    return compared


def agreements(outcomes: Outcomes, reader_labels: ReaderLabels) -> list[Agreement]:
    """Cohen's kappa of every two readers, on the pictures that both read."""
    found = []
    for (first, one), (second, other) in combinations(reader_labels.by_reader.items(), 2):
        both = outcomes.radiographs[outcomes.radiographs["name"].isin(one.keys() & other.keys())]
        kappa = None
        if len(both):
            called, other_called = (
                both["name"].map(said).to_numpy(dtype=bool) for said in (one, other)
            )
            kappa = PatientBootstrap(both["patient"].tolist()).interval(
                partial(stats.cohens_kappa, called, other_called)
            )
        found.append(Agreement(first, second, len(both), kappa))
    return found


def _compare(
    reader: str,
    patients: list[str],
    truth: NDArray[np.bool_],
    said: NDArray[np.bool_],
    called: NDArray[np.bool_],
) -> ReaderComparison:
    bootstrap = PatientBootstrap(patients)
    found: dict[str, Interval | None] = {}
    for name, among, by_reader, by_model in (
        ("sensitivity", truth, said, called),
        ("specificity", ~truth, ~said, ~called),
    ):

        def difference(
            weights: Weights,
            among: NDArray[np.bool_] = among,
            by_reader: NDArray[np.bool_] = by_reader,
            by_model: NDArray[np.bool_] = by_model,
        ) -> NDArray[np.float64]:
            return stats.share(among, by_model, weights) - stats.share(among, by_reader, weights)

        found[name] = bootstrap.interval(partial(stats.share, among, by_reader))
        found[f"model_{name}"] = bootstrap.interval(partial(stats.share, among, by_model))
        found[f"{name}_difference"] = bootstrap.interval(difference)
    return ReaderComparison(
        reader=reader,
        images=len(truth),
        patients=len(set(patients)),
        positives=int(truth.sum()),
        mcnemar_positive=mcnemar_test(said[truth], called[truth]),
        mcnemar_negative=mcnemar_test(~said[~truth], ~called[~truth]),
        kappa=bootstrap.interval(partial(stats.cohens_kappa, said, called)),
        **found,
    )
