"""Choice of a finding's operating point and prediction sets."""

import numpy as np
from numpy.typing import NDArray

from hilum.evaluation.figures.predictions import youden_threshold
from hilum.findings import Finding
from hilum.models.conformal import undecided_zone
from hilum.models.task import Conformal, OperatingPoint
from hilum.training.classifier.calibrate import fit_conformal


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
