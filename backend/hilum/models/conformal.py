"""Sets of labels that hold the truth with a stated probability."""

from hilum.findings import Finding
from hilum.models.card import Conformal


def undecided_zone(target: Finding, conformal: Conformal) -> tuple[float, float]:
    """Probabilities of the target between which the set holds both labels or none."""
    bounds = (conformal.quantiles[Finding.NORMAL], 1 - conformal.quantiles[target])
    return min(bounds), max(bounds)


def prediction_set(
    probability: float, target: Finding, conformal: Conformal
) -> tuple[Finding, ...]:
    """Labels that are not ruled out: two or none decide nothing.

    Parameters
    ----------
    probability : float
        Of the target, in [0, 1].
    target : Finding
    conformal : Conformal

    Returns
    -------
    tuple of Finding
        Of `Finding.NORMAL` and the target, in this order.
    """
    of_label = {Finding.NORMAL: 1 - probability, target: probability}
    return tuple(
        label for label, likely in of_label.items() if 1 - likely <= conformal.quantiles[label]
    )
