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
    coverage : float or None
        Coverage that prediction sets aim at in this group; None: as for all.
    """

    probability: NDArray[np.float64]
    is_positive: NDArray[np.bool_]
    coverage: float | None = None


def tune_decision(
    groups: Sequence[Scored], *, finding: Finding, coverage: float, fitted_on: str
) -> tuple[OperatingPoint, Conformal]:
    """Fit operating point and conformal sets of one finding on patients not used for training.

    Parameters
    ----------
    groups : sequence of Scored
        At least one. The operating point has the largest index of Youden; or of several groups,
        the largest minimum of all their sensitivities and specificities. (The smallest index of
        several acquisitions is nearly the same over a wide range of thresholds, in which their
        specificity changes much.)
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
    zone = undecided_zone(conformal)
    point = choose_point(groups, fitted_on=fitted_on)
    return point.model_copy(
        update={
            "threshold": float(np.clip(point.threshold, *zone)),
            "criterion": f"{point.criterion} in the zone of uncertainty",
        }
    ), conformal


def choose_point(groups: Sequence[Scored], *, fitted_on: str) -> OperatingPoint:
    """Operating point of one finding, without prediction sets; see `tune_decision`."""
    if len(groups) == 1:
        criterion = "largest sensitivity + specificity - 1 (Youden)"
        return OperatingPoint(
            threshold=youden_threshold(groups[0]), criterion=criterion, chosen_on=fitted_on
        )
    return OperatingPoint(
        threshold=balanced_threshold(groups),
        criterion="largest minimum of the sensitivities and specificities of "
        f"{len(groups)} groups of films",
        chosen_on=fitted_on,
    )


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
        In (0, 1); of groups that have none of their own.
    fitted_on : str
        Name of the films, for the card.

    Raises
    ------
    DatasetError
        A class of a group has too few pictures for the coverage.
    """
    of_groups = [_quantiles(group, finding, group.coverage or coverage) for group in groups]
    quantiles = {label: max(each[label] for each in of_groups) for label in Presence}
    return Conformal(coverage=coverage, quantiles=quantiles, fitted_on=fitted_on)


def _quantiles(group: Scored, finding: Finding, coverage: float) -> dict[Presence, float]:
    probability, is_positive, _ = group
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


def youden_threshold(group: Scored) -> float:
    """Threshold with the largest sensitivity + specificity - 1 (Youden, Cancer 1950).

    A probability at or above the threshold is called positive.
    """
    scores = np.unique(group.probability)
    sensitivity, specificity = _rates(group, scores)
    return _below(scores, sensitivity + specificity)


def balanced_threshold(groups: Sequence[Scored]) -> float:
    """Threshold with the largest minimum of all groups' sensitivities and specificities.

    So no kind of error is more frequent than need be in any group (the minimax rule; Wald,
    "Statistical Decision Functions", 1950).

    Parameters
    ----------
    groups : sequence of Scored
        At least one; each with and without the finding.
    """
    scores = np.unique(np.concatenate([group.probability for group in groups]))
    rates = [rate for group in groups for rate in _rates(group, scores)]
    return _below(scores, np.min(rates, axis=0))


def _below(scores: NDArray[np.float64], values: NDArray[np.float64]) -> float:
    """Midpoint between the highest score of the largest value and the next lower score.

    So it does not depend on one picture's last digits.
    """
    best = len(scores) - 1 - int(np.argmax(values[::-1]))
    return float(scores[max(best - 1, 0) : best + 1].mean())


def _rates(
    group: Scored, thresholds: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Sensitivity and specificity at each threshold."""
    missed, cleared = (
        np.searchsorted(np.sort(scores), thresholds, side="left") / max(1, len(scores))
        for scores in (
            group.probability[group.is_positive], group.probability[~group.is_positive],
        )
    )  # fmt: skip
    return 1 - missed, cleared
