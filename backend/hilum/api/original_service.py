"""Fields of the original student service's answer, kept for its clients.

They always describe pneumonia, and are null if the model does not decide on it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from hilum.findings import Finding
from hilum.models import Card, Reader, Registry
from hilum.models.card import AUTOMATIC
from hilum.models.loading import Unavailable
from hilum.models.pipeline import ModelReading
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
RESULT_ASSESSED = (
    "False if the model's figures for pneumonia do not meet the assessment rule in its card: "
    "`result` and `prediction` are given, and no decision should be based on them. Null if the "
    "model does not decide on pneumonia."
)
RESULT_MODEL = (
    "Name of the model of `result` and `prediction`: of the models that read, the first that "
    "assesses pneumonia, else the first that decides on it. Null if none does."
)


@dataclass(frozen=True, slots=True)
class OriginalFields:
    """Values of the fields, all None if the model does not decide on pneumonia."""

    result: Result | None = None
    prediction: str | None = None
    result_assessed: bool | None = None


def original_model(registry: Registry) -> str:
    """Name of the model that answers them: the default, or the first that decides on pneumonia.

    Returns
    -------
    str
        The default where no model decides on it, or where it is ``auto``.
    """
    if registry.default == AUTOMATIC:
        return AUTOMATIC
    for name in registry.names:
        entry = registry.entry(name)
        is_default_missing = isinstance(entry, Unavailable) and name == registry.default
        if is_default_missing or (
            isinstance(entry, Reader) and entry.card.decides_on(Finding.PNEUMONIA)
        ):
            return name
    return registry.default


def original_fields(verdicts: Iterable[Verdict], card: Card) -> OriginalFields:
    """The fields of a reading by the model of `card`."""
    for verdict in verdicts:
        if verdict.finding is Finding.PNEUMONIA:
            return OriginalFields(
                "Potentially Pneumonia" if verdict.is_above else "Normal",
                f"{100 * verdict.probability:.4f}",
                card.is_assessed(Finding.PNEUMONIA),
            )
    return OriginalFields()


def original_reading(readings: Sequence[ModelReading]) -> ModelReading | None:
    """The reading that the fields describe; see `RESULT_MODEL`."""
    deciding = [each for each in readings if each.card.decides_on(Finding.PNEUMONIA)]
    assessing = [each for each in deciding if each.card.is_assessed(Finding.PNEUMONIA)]
    return next(iter(assessing or deciding), None)


def original_set(verdict: Verdict) -> list[Finding] | None:
    """The labels of a prediction set as findings, with ``normal`` for an absent one."""
    if verdict.prediction_set is None:
        return None
    codes = {Presence.ABSENT: Finding.NORMAL, Presence.PRESENT: verdict.finding}
    return [codes[label] for label in verdict.prediction_set]
