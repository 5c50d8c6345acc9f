"""Choice of a finding's operating point and prediction sets, for the worst group of films."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hilum.errors import DatasetError
from hilum.findings import Finding
from hilum.models.conformal import undecided_zone
from hilum.models.task import Conformal, OperatingPoint, Presence


class Scored(NamedTuple):
    """Probabilities of a finding for a group of labelled films, such as those of one machine.

    Attributes
    ----------
    probability : ndarray of float64, shape (n,), in [0, 1]
        Calibrated.
    is_positive : ndarray of bool, shape (n,)
    """

    probability: NDArray[np.float64]
    is_positive: NDArray[np.bool_]


def tune_decision(
    groups: Sequence[Scored], *, finding: Finding, coverage: float, fitted_on: str
) -> tuple[OperatingPoint, Conformal]:
    """Fit operating point and conformal sets of one finding on patients not used for training.

    Parameters
    ----------
    groups : sequence of Scored
        At least one. The operating point is the best for the group that it is worst for.
    coverage : float
        In (0, 1); see `fit_conformal`.
    fitted_on : str
        Name of the films, for the card.

    Returns
    -------
    OperatingPoint, Conformal

    Raises
    ------
    DatasetError
        A class of a group has too few pictures for the coverage.
    """
    conformal = fit_conformal(groups, finding=finding, coverage=coverage, fitted_on=fitted_on)
    # Within the zone of uncertainty, so that a set of one label never contradicts the decision.
    threshold = np.clip(youden_threshold(groups), *undecided_zone(conformal))
    worst = f", for the worst of {len(groups)} groups of films," if len(groups) > 1 else ""
    point = OperatingPoint(
        threshold=float(threshold),
        criterion="largest sensitivity + specificity - 1 (Youden)"
        f"{worst} in the zone of uncertainty",
        chosen_on=fitted_on,
    )
    return point, conformal


def fit_conformal(
    groups: Sequence[Scored], *, finding: Finding, coverage: float, fitted_on: str
) -> Conformal:
    """Quantiles of class-conditional split conformal prediction (Vovk, ACML 2012).

    Of several groups, each label takes the largest quantile, so that the sets cover it in each
    group (group-conditional coverage; Barber et al., Information and Inference 2021).

    Parameters
    ----------
    groups : sequence of Scored
        At least one.
    coverage : float
        In (0, 1).
    fitted_on : str
        Name of the films, for the card.

    Raises
    ------
    DatasetError
        A class of a group has too few pictures for the coverage.
    """
    of_groups = [_quantiles(group, finding, coverage) for group in groups]
    quantiles = {label: max(each[label] for each in of_groups) for label in Presence}
    return Conformal(coverage=coverage, quantiles=quantiles, fitted_on=fitted_on)


def _quantiles(group: Scored, finding: Finding, coverage: float) -> dict[Presence, float]:
    probability, is_positive = group
    quantiles = {}
    for label, scores in (
        (Presence.ABSENT, probability[~is_positive]),
        (Presence.PRESENT, 1 - probability[is_positive]),
    ):
        # The finite-sample correction: the ceil((n + 1) coverage)-th smallest score; or the
        # middle between it and the next, so that it does not hang on one picture's last digits.
        rank = int(np.ceil((len(scores) + 1) * coverage))
        if rank > len(scores):
            raise DatasetError(
                f"{len(scores)} pictures with {finding.label.lower()} {label.value} are too few to "
                f"aim at {coverage:.0%} coverage."
            )
        quantiles[label] = float(np.sort(scores)[rank - 1 : rank + 1].mean())
    return quantiles


def youden_threshold(groups: Sequence[Scored]) -> float:
    """Threshold with the largest sensitivity + specificity - 1 (Youden, Cancer 1950).

    Of several groups, the one with the smallest value counts. The midpoint between the score that
    reaches it and the next lower one, so that it does not depend on one picture.

    Parameters
    ----------
    groups : sequence of Scored
        At least one; a probability at or above the threshold is called positive.
    """
    scores = np.unique(np.concatenate([group.probability for group in groups]))
    indices = np.min([_youden_index(group, scores) for group in groups], axis=0)
    best = len(scores) - 1 - int(np.argmax(indices[::-1]))
    return float(scores[max(best - 1, 0) : best + 1].mean())


def _youden_index(group: Scored, thresholds: NDArray[np.float64]) -> NDArray[np.float64]:
    missed, cleared = (
        np.searchsorted(np.sort(scores), thresholds, side="left") / max(1, len(scores))
        for scores in (
            group.probability[group.is_positive], group.probability[~group.is_positive],
        )
    )  # fmt: skip
    return np.asarray(cleared - missed)
