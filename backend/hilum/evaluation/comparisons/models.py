"""Two models on the same pictures."""

from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hilum.errors import DatasetError
from hilum.evaluation.comparisons.paired import DelongTest, McnemarTest, delong_test, mcnemar_test
from hilum.evaluation.figures import statistics as stats
from hilum.evaluation.figures.outcomes import Outcomes
from hilum.evaluation.figures.resampling import Figure, PatientBootstrap, Weights
from hilum.models.card import Card
from hilum.models.measured import Interval


@dataclass(frozen=True, slots=True)
class ModelComparison:
    """Two models on the pictures that both read, each at its own operating point.

    Attributes
    ----------
    first, second : str
        Name and version.
    second_sha256 : str
    images, patients, positives : int
    first_figures, second_figures, differences : mapping of str to Interval or None
        ``auroc``, ``sensitivity``, ``specificity``, ``accuracy``, ``brier``; differences are
        second less first, paired, by bootstrap over patients.
    delong : DelongTest or None
        None with fewer than two positive or negative pictures.
    mcnemar : McnemarTest
        Of decisions that are right.
    kappa : Interval or None
        Agreement of the two models' decisions.
    """

    first: str
    second: str
    second_sha256: str
    images: int
    patients: int
    positives: int
    first_figures: dict[str, Interval | None]
    second_figures: dict[str, Interval | None]
    differences: dict[str, Interval | None]
    delong: DelongTest | None
    mcnemar: McnemarTest
    kappa: Interval | None


def compare_models(
    first: Outcomes, first_card: Card, second: Outcomes, second_card: Card, *, second_sha256: str
) -> ModelComparison:
    """Compare two models' outcomes on one split.

    Parameters
    ----------
    first, second : Outcomes
        Of the same data; pictures that one of them could not read are passed over.
    first_card, second_card : Card
    second_sha256 : str
        Of the second model's bundle.

    Returns
    -------
    ModelComparison

    Raises
    ------
    DatasetError
        The models decide on different findings, or no picture was read by both.
    """
    if first_card.target is not second_card.target:
        raise DatasetError(
            f"Model {first_card.name!r} decides on {first_card.target.label.lower()} and "
            f"{second_card.name!r} on {second_card.target.label.lower()}: no comparison."
        )
    at = pd.Index(second.radiographs["name"]).get_indexer(first.radiographs["name"])
    ours = np.flatnonzero(at >= 0)
    if not len(ours):
        raise DatasetError("No picture was read by both models.")
    theirs = at[ours]
    truth = first.has(first_card, first_card.target)[ours]
    patients = first.radiographs["patient"].iloc[ours].tolist()
    sides = []
    for outcomes, card, chosen in ((first, first_card, ours), (second, second_card, theirs)):
        score = outcomes.of(card, card.target)[chosen]
        sides.append((score, score >= card.operating_points[card.target].threshold))
    (score, called), (other_score, other_called) = sides
    bootstrap = PatientBootstrap(patients)
    one, other = (_figures(truth, *side) for side in sides)

    def difference(weights: Weights, name: str) -> NDArray[np.float64]:
        return other[name](weights) - one[name](weights)

    positives = int(truth.sum())
    return ModelComparison(
        first=f"{first_card.name} {first_card.version}",
        second=f"{second_card.name} {second_card.version}",
        second_sha256=second_sha256,
        images=len(truth),
        patients=len(set(patients)),
        positives=positives,
        first_figures={name: bootstrap.interval(figure) for name, figure in one.items()},
        second_figures={name: bootstrap.interval(figure) for name, figure in other.items()},
        differences={name: bootstrap.interval(partial(difference, name=name)) for name in one},
        delong=(
            delong_test(truth, score, other_score)
            if min(positives, len(truth) - positives) > 1
            else None
        ),
        mcnemar=mcnemar_test(called == truth, other_called == truth),
        kappa=bootstrap.interval(partial(stats.cohens_kappa, called, other_called)),
    )


def _figures(
    truth: NDArray[np.bool_], score: NDArray[np.float64], called: NDArray[np.bool_]
) -> dict[str, Figure]:
    return {
        "auroc": partial(stats.auroc, truth, score),
        "sensitivity": partial(stats.share, truth, called),
        "specificity": partial(stats.share, ~truth, ~called),
        "accuracy": partial(stats.accuracy, truth, called),
        "brier": partial(stats.brier, truth, score),
    }
