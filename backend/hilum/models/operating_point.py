"""Operating points that a user asks for, from what the validation patients gave."""

import re

import numpy as np

from hilum.errors import OperatingPointError
from hilum.models.card import Card, OperatingPoint, RequestedPoint
from hilum.models.measured import RocPoint

_CHOSEN_ON = "validation"
_SHARE = r"([0-9]+(?:\.[0-9]+)?|\.[0-9]+)"
_ASKED = re.compile(f"(sensitivity|specificity):{_SHARE}")
_LONGEST = 40
_HOW = (
    "Ask for youden, sensitivity:0.98, specificity:0.95 (shares between 0 and 1), or a "
    "threshold such as 0.4."
)


def choose_operating_point(card: Card, asked: str | None) -> OperatingPoint:
    """Find the operating point that is asked for.

    Parameters
    ----------
    card : Card
    asked : str or None
        None for the card's own; ``youden``; ``sensitivity:x`` for the highest threshold that
        reaches it on the validation patients, ``specificity:x`` for the lowest; or a threshold.

    Returns
    -------
    OperatingPoint
        A `RequestedPoint` where one was asked for.

    Raises
    ------
    OperatingPointError
        It cannot be understood, or the card has no curve to find it on.
    """
    if asked is None:
        return card.operating_points[card.target]
    asked = asked.strip().lower()
    if len(asked) > _LONGEST:
        raise OperatingPointError(f"The operating point is not understood: it is too long. {_HOW}")
    if re.fullmatch(_SHARE, asked) and 0 <= float(asked) <= 1:
        return RequestedPoint(threshold=float(asked), criterion="as asked for", chosen_on="request")
    found = _ASKED.fullmatch(asked)
    if asked != "youden" and not (found and 0 < float(found[2]) < 1):
        raise OperatingPointError(f"The operating point is not understood. {_HOW}")
    curve = _curve(card)
    if not found:
        best = max(curve, key=lambda point: point.sensitivity + point.specificity)
        words = "largest sensitivity + specificity - 1 (Youden)"
    elif found[1] == "sensitivity":
        best = next(point for point in curve if point.sensitivity >= float(found[2]))
        words = f"sensitivity of at least {found[2]}"
    else:
        best = next(point for point in reversed(curve) if point.specificity >= float(found[2]))
        words = f"specificity of at least {found[2]}"
    return RequestedPoint(threshold=best.threshold, criterion=words, chosen_on=_CHOSEN_ON)


def rates_at(card: Card, threshold: float) -> tuple[float, float] | None:
    """Sensitivity and specificity of a threshold on the validation patients, where known.

    At the card's own operating point they are the card's figures; elsewhere they lie on its
    curve, whose few points are joined by lines.
    """
    measured = card.metrics.get(_CHOSEN_ON)
    if measured is not None and threshold == card.operating_points[card.target].threshold:
        return measured.sensitivity.value, measured.specificity.value
    if _CHOSEN_ON not in card.curves:
        return None
    curve = card.curves[_CHOSEN_ON].roc[::-1]
    thresholds = [point.threshold for point in curve]
    sensitivity, specificity = (
        float(np.interp(threshold, thresholds, [getattr(point, name) for point in curve]))
        for name in ("sensitivity", "specificity")
    )
    return sensitivity, specificity


def _curve(card: Card) -> tuple[RocPoint, ...]:
    """Points with their thresholds falling, from none called positive to all."""
    if _CHOSEN_ON not in card.curves:
        raise OperatingPointError(
            f"Model {card.name!r} has no curve to choose an operating point on. "
            "Ask for a threshold such as 0.4."
        )
    return card.curves[_CHOSEN_ON].roc
