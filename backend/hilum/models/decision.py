"""Decision from a probability: positive, negative or uncertain."""

from enum import StrEnum

from hilum.models.conformal import prediction_set, undecided_zone
from hilum.models.task import Conformal, OperatingPoint

_EVEN = 0.5


class Decision(StrEnum):
    """Decision of a model on a finding at the operating point."""

    POSITIVE = "positive"
    NEGATIVE = "negative"
    UNCERTAIN = "uncertain"


def uncertain_between(
    conformal: Conformal | None, point: OperatingPoint
) -> tuple[float, float] | None:
    """Probabilities of a finding between which its decision is uncertain.

    That is where the prediction set holds both labels or none, and where its one label and the
    operating point contradict each other. Below the operating point but more likely than not is
    uncertain too: "no sign" would be false comfort. A point that a user asked for decides alone.

    Parameters
    ----------
    conformal : Conformal or None

    Returns
    -------
    (low, high) or None
        Probabilities from `low` on and below `high` are uncertain; None where none is.
    """
    if point.is_requested:
        return None
    threshold = point.threshold
    low, high = undecided_zone(conformal) if conformal else (threshold, threshold)
    low, high = min(low, threshold, _EVEN), max(high, threshold)
    return (low, high) if low < high else None


def decide(probability: float, conformal: Conformal | None, point: OperatingPoint) -> Decision:
    """Decide by the model's operating point and its prediction set, or by a user's point alone.

    Parameters
    ----------
    probability : float
        Of the finding, in [0, 1].
    conformal : Conformal or None

    Returns
    -------
    Decision
        See `uncertain_between`.
    """
    zone = uncertain_between(conformal, point)
    if zone is not None and zone[0] <= probability < zone[1]:
        return Decision.UNCERTAIN
    # The zone's upper end may still leave both labels.
    is_split = conformal is not None and len(prediction_set(probability, conformal)) != 1
    if is_split and not point.is_requested:
        return Decision.UNCERTAIN
    return Decision.POSITIVE if probability >= point.threshold else Decision.NEGATIVE
