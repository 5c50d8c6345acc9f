"""Comparison of two models on the same images."""

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
from hilum.findings import Finding
from hilum.models.card import Card
from hilum.models.measured import Interval


@dataclass(frozen=True, slots=True)
class ModelComparison:
    """Two models on the pictures that both read, each at its own operating point.

    Attributes
    ----------
    first, second : str
        Name and version.
    first_figures, second_figures, differences : mapping of str to Interval or None
        ``auroc``, ``sensitivity``, ``specificity``, ``accuracy``, ``brier``; differences are
        second minus first, paired, by bootstrap over patients.
    delong : DelongTest or None
        None with fewer than two positive or negative pictures.
    mcnemar : McnemarTest
        Of decisions that are right.
    kappa : Interval or None
        Agreement of the two models' decisions.
    """

    finding: Finding
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
    first: Outcomes,
    first_card: Card,
    second: Outcomes,
    second_card: Card,
    *,
    second_sha256: str,
    finding: Finding | None = None,
) -> ModelComparison:
    """Compare two models' outcomes of one finding on one split.

    Parameters
    ----------
    first, second : Outcomes
        Of the same data; pictures that one of them could not read are ignored.
    second_sha256 : str
        Of the second model's bundle.
    finding : Finding, optional
        Finding that both models decide on; default: the main one of the first model.

    Raises
    ------
    DatasetError
        The second model does not decide on the finding, or no picture with a
        known label was read by both.
    """
    finding = finding or first_card.main
    if finding not in [task.finding for task in second_card.tasks]:
        raise DatasetError(
            f"Model {second_card.name!r} does not decide on {finding.label.lower()}, as "
            f"{first_card.name!r} does: no comparison."
        )
    at = pd.Index(second.radiographs["name"]).get_indexer(first.radiographs["name"])
    truth = first.truth(first_card, finding)
    ours = np.flatnonzero((at >= 0) & truth.notna().to_numpy())
    if not len(ours):
        raise DatasetError("No picture was read by both models.")
    theirs = at[ours]
    is_positive = truth.iloc[ours].to_numpy(dtype=bool)
    patients = first.radiographs["patient"].iloc[ours].tolist()
    sides = []
    for outcomes, card, chosen in ((first, first_card, ours), (second, second_card, theirs)):
        score = outcomes.of(card, finding)[chosen]
        sides.append((score, score >= card.task(finding).operating_point.threshold))
    (score, called), (other_score, other_called) = sides
    bootstrap = PatientBootstrap(patients)
    one, other = (_figures(is_positive, *side) for side in sides)

    def difference(weights: Weights, name: str) -> NDArray[np.float64]:
        return other[name](weights) - one[name](weights)

    positives = int(is_positive.sum())
    return ModelComparison(
        finding=finding,
        first=f"{first_card.name} {first_card.version}",
        second=f"{second_card.name} {second_card.version}",
        second_sha256=second_sha256,
        images=len(is_positive),
        patients=len(set(patients)),
        positives=positives,
        first_figures={name: bootstrap.interval(figure) for name, figure in one.items()},
        second_figures={name: bootstrap.interval(figure) for name, figure in other.items()},
        differences={name: bootstrap.interval(partial(difference, name=name)) for name in one},
        delong=(
            delong_test(is_positive, score, other_score)
            if min(positives, len(is_positive) - positives) > 1
            else None
        ),
        mcnemar=mcnemar_test(called == is_positive, other_called == is_positive),
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
