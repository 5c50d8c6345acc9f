"""Fields of the original student service's answer, kept for its clients.

They always describe pneumonia, and are null if the model does not decide on it.
"""

from collections.abc import Iterable
from typing import Literal

from hilum.findings import Finding
from hilum.models import Reader, Registry
from hilum.models.registry import Unavailable
from hilum.models.task import Presence
from hilum.models.verdict import Verdict

Result = Literal["Normal", "Potentially Pneumonia"]

RESULT = (
    "Decision by the operating point alone, in the wording of the original service: `Normal` means "
    "that no sign of pneumonia was found. Null if the model does not decide on pneumonia."
)
PREDICTION = (
    "Probability of pneumonia in per cent, with four decimals, or null if the model does not "
    "decide on pneumonia."
)


def original_model(registry: Registry) -> str:
    """Name of the model that answers them: the default, or the first that decides on pneumonia.

    Returns
    -------
    str
        The default where no model decides on it.
    """
    for name in registry.names:
        entry = registry.entry(name)
        is_default_missing = isinstance(entry, Unavailable) and name == registry.default
        if is_default_missing or (
            isinstance(entry, Reader) and entry.card.decides_on(Finding.PNEUMONIA)
        ):
            return name
    return registry.default


def original_result(verdicts: Iterable[Verdict]) -> tuple[Result | None, str | None]:
    """The fields ``result`` and ``prediction``.

    Returns
    -------
    tuple of (str or None, str or None)
    """
    for verdict in verdicts:
        if verdict.finding is Finding.PNEUMONIA:
            result: Result = "Potentially Pneumonia" if verdict.is_above else "Normal"
            return result, f"{100 * verdict.probability:.4f}"
    return None, None


def original_set(verdict: Verdict) -> list[Finding] | None:
    """The labels of a prediction set as findings, with ``normal`` for an absent one."""
    if verdict.prediction_set is None:
        return None
    codes = {Presence.ABSENT: Finding.NORMAL, Presence.PRESENT: verdict.finding}
    return [codes[label] for label in verdict.prediction_set]
