"""Prediction sets that contain the true label with a stated probability."""

from hilum.models.task import Conformal, Presence


def undecided_zone(conformal: Conformal) -> tuple[float, float]:
    """Probabilities of the finding between which the set holds both labels or none."""
    quantiles = conformal.quantiles
    bounds = (quantiles[Presence.ABSENT], 1 - quantiles[Presence.PRESENT])
    return min(bounds), max(bounds)


def prediction_set(probability: float, conformal: Conformal) -> tuple[Presence, ...]:
    """Labels that are not ruled out: two or none decide nothing.

    Parameters
    ----------
    probability : float
        Of the finding, in [0, 1].

    Returns
    -------
    tuple of Presence
        `Presence.ABSENT` first.
    """
    of_label = {Presence.ABSENT: 1 - probability, Presence.PRESENT: probability}
    return tuple(
        label for label, likely in of_label.items() if 1 - likely <= conformal.quantiles[label]
    )
