"""Choice of a finding's operating point and prediction sets."""

import numpy as np
from numpy.typing import NDArray

from hilum.errors import DatasetError
from hilum.evaluation.figures.predictions import youden_threshold
from hilum.findings import Finding
from hilum.models.conformal import undecided_zone
from hilum.models.task import Conformal, OperatingPoint, Presence


def tune_decision(
    probability: NDArray[np.float64],
    is_positive: NDArray[np.bool_],
    *,
    finding: Finding,
    coverage: float,
    fitted_on: str,
) -> tuple[OperatingPoint, Conformal]:
    """Fit operating point and conformal sets of one finding on patients not used for training.

    Parameters
    ----------
    probability : ndarray of float64, shape (n,), in [0, 1]
        Calibrated.
    is_positive : ndarray of bool, shape (n,)
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
        A class has too few pictures for the coverage.
    """
    conformal = fit_conformal(
        probability, is_positive, finding=finding, coverage=coverage, fitted_on=fitted_on
    )
    # Within the zone of uncertainty, so that a set of one label never contradicts the decision.
    threshold = np.clip(youden_threshold(is_positive, probability), *undecided_zone(conformal))
    point = OperatingPoint(
        threshold=float(threshold),
        criterion="largest sensitivity + specificity - 1 (Youden) in the zone of uncertainty",
        chosen_on=fitted_on,
    )
    return point, conformal


def fit_conformal(
    probability: NDArray[np.float64],
    is_positive: NDArray[np.bool_],
    *,
    finding: Finding,
    coverage: float,
    fitted_on: str,
) -> Conformal:
    """Quantiles of class-conditional split conformal prediction (Vovk, ACML 2012).

    Parameters
    ----------
    probability : ndarray, shape (n,), in [0, 1]
        Of the finding.
    is_positive : ndarray of bool, shape (n,)
    coverage : float
        In (0, 1).
    fitted_on : str
        Name of the split, for the card.

    Raises
    ------
    DatasetError
        A class has too few pictures for the coverage.
    """
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
    return Conformal(coverage=coverage, quantiles=quantiles, fitted_on=fitted_on)
