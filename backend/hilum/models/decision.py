"""From a probability to a decision, or to saying that there is none."""

from enum import StrEnum

from hilum.findings import Finding
from hilum.models.card import Conformal
from hilum.models.conformal import prediction_set, undecided_zone

_EVEN = 0.5


class Decision(StrEnum):
    """What the model says of its target finding at the operating point."""

    POSITIVE = "positive"
    NEGATIVE = "negative"
    UNCERTAIN = "uncertain"


def uncertain_between(
    target: Finding, conformal: Conformal | None, threshold: float
) -> tuple[float, float] | None:
    """Probabilities of the target between which a reading is uncertain.

    That is where the set of labels holds both or none; and where its one label and the operating
    point say different things, so also up to a point that a user asked for. Below the point but
    more likely than not is uncertain too: "no signs" would be false comfort.

    Parameters
    ----------
    target : Finding
    conformal : Conformal or None
    threshold : float
        The operating point, in [0, 1].

    Returns
    -------
    (low, high) or None
        Uncertain is what is at least `low` and less than `high`; None where nothing is.
    """
    low, high = undecided_zone(target, conformal) if conformal else (threshold, threshold)
    low, high = min(low, threshold, _EVEN), max(high, threshold)
    return (low, high) if low < high else None


def decide(
    probability: float, target: Finding, conformal: Conformal | None, threshold: float
) -> Decision:
    """Decide by operating point and set of labels, where they agree; see `uncertain_between`.

    Parameters
    ----------
    probability : float
        Of the target, in [0, 1].
    target : Finding
    conformal : Conformal or None
    threshold : float
        The operating point, in [0, 1].

    Returns
    -------
    Decision
    """
    zone = uncertain_between(target, conformal, threshold)
    if zone is not None and zone[0] <= probability < zone[1]:
        return Decision.UNCERTAIN
    # The zone's upper end may still leave both labels.
    if conformal is not None and len(prediction_set(probability, target, conformal)) != 1:
        return Decision.UNCERTAIN
    return Decision.POSITIVE if probability >= threshold else Decision.NEGATIVE
