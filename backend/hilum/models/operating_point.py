"""Requested operating points, chosen on the validation patients' curves."""

import re
from collections.abc import Mapping, Sequence

import numpy as np

from hilum.errors import OperatingPointError
from hilum.findings import Finding
from hilum.models.card import Card
from hilum.models.measured import RocPoint
from hilum.models.task import OperatingPoint, RequestedPoint, Task

Points = Mapping[Finding, OperatingPoint]
"""Operating points of some tasks; the others decide at the card's own."""

_SHARE = r"([0-9]+(?:\.[0-9]+)?|\.[0-9]+)"
_ASKED = re.compile(f"(sensitivity|specificity):{_SHARE}")
_LONGEST = 80
_HOW = (
    "Ask for youden, sensitivity:0.98, specificity:0.95 (shares between 0 and 1), or a "
    "threshold such as 0.4; for one finding alone, put its code before it: {code}:0.4."
)


def choose_operating_points(card: Card, asked: Sequence[str]) -> Points:
    """Find the requested operating points.

    Parameters
    ----------
    asked : sequence of str
        Each is ``youden``; ``sensitivity:x`` for the highest threshold that reaches it on the
        validation patients, ``specificity:x`` for the lowest; or a threshold. It applies to the
        finding whose code and colon stand before it, else for all that none is named for.

    Returns
    -------
    mapping of Finding to OperatingPoint
        Of the tasks that one was asked for: `RequestedPoint`.

    Raises
    ------
    OperatingPointError
        One cannot be understood, two are for the same finding, or the card has no curve to find
        it on.
    """
    codes = {task.finding.value: task.finding for task in card.tasks}
    chosen: dict[Finding | None, str] = {}
    for each in asked:
        words = each.strip().lower()
        if len(words) > _LONGEST:
            raise OperatingPointError(_refused(card, "it is too long"))
        code, _, rest = words.partition(":")
        named = codes.get(code)
        if named in chosen:
            raise OperatingPointError(_refused(card, "two are for the same finding"))
        chosen[named] = rest if named else words
    common = chosen.pop(None, None)
    wanted = {finding: chosen.get(finding, common) for finding in codes.values()}
    return {
        finding: _choose(card, card.task(finding), rule)
        for finding, rule in wanted.items()
        if rule is not None
    }


def _refused(card: Card, why: str) -> str:
    return f"The operating point is not understood: {why}. {_HOW.format(code=card.main.value)}"


def _choose(card: Card, task: Task, asked: str) -> OperatingPoint:
    if re.fullmatch(_SHARE, asked) and 0 <= float(asked) <= 1:
        return RequestedPoint(threshold=float(asked), criterion="as asked for", chosen_on="request")
    found = _ASKED.fullmatch(asked)
    if asked != "youden" and not (found and 0 < float(found[2]) < 1):
        raise OperatingPointError(_refused(card, f"{asked[:20]!r}"))
    curve = _curve(card, task)
    if not found:
        best = max(curve, key=lambda point: point.sensitivity + point.specificity)
        words = "largest sensitivity + specificity - 1 (Youden)"
    elif found[1] == "sensitivity":
        best = next(point for point in curve if point.sensitivity >= float(found[2]))
        words = f"sensitivity of at least {found[2]}"
    else:
        best = next(point for point in reversed(curve) if point.specificity >= float(found[2]))
        words = f"specificity of at least {found[2]}"
    return RequestedPoint(threshold=best.threshold, criterion=words, chosen_on=task.chosen_on)


def rates_at(task: Task, threshold: float) -> tuple[float, float] | None:
    """Sensitivity and specificity of a threshold on the validation patients, where known.

    At the task's own operating point they are the card's figures; elsewhere they lie on its
    curve, whose few points are joined by lines.
    """
    measured = task.metrics.get(task.chosen_on)
    if measured is not None and threshold == task.operating_point.threshold:
        return measured.sensitivity.value, measured.specificity.value
    if task.chosen_on not in task.curves:
        return None
    curve = task.curves[task.chosen_on].roc[::-1]
    thresholds = [point.threshold for point in curve]
    sensitivity, specificity = (
        float(np.interp(threshold, thresholds, [getattr(point, name) for point in curve]))
        for name in ("sensitivity", "specificity")
    )
    return sensitivity, specificity


def _curve(card: Card, task: Task) -> tuple[RocPoint, ...]:
    """Points with their thresholds falling, from none called positive to all."""
    if task.chosen_on not in task.curves:
        raise OperatingPointError(
            f"Model {card.name!r} has no curve of {task.finding.value} to choose an operating "
            "point on. Ask for a threshold such as 0.4."
        )
    return task.curves[task.chosen_on].roc
