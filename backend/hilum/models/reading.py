"""Reading of one radiograph by one model."""

from dataclasses import dataclass, field
from typing import Self

import numpy as np
from numpy.typing import NDArray

from hilum.findings import Finding
from hilum.models.conformal import prediction_set
from hilum.models.decision import Decision, decide
from hilum.models.task import OperatingPoint, Presence, Task


@dataclass(frozen=True, slots=True)
class FindingReading:
    """One finding of a reading.

    Attributes
    ----------
    probability : float
        Calibrated, in [0, 1].
    is_assessed : bool
        The model's figures are good enough to rely on the finding; see `Card.is_assessed`.
    """

    finding: Finding
    probability: float
    is_assessed: bool = True


@dataclass(frozen=True, slots=True)
class TaskDecision:
    """Decision of a model on one finding.

    Attributes
    ----------
    probability : float
        Calibrated, in [0, 1].
    decision : Decision
        See `hilum.models.decision.decide`.
    operating_point : OperatingPoint
        Operating point of the decision.
    prediction_set : tuple of Presence or None
        Labels that are not ruled out, at the task's coverage; None where it has no conformal
        sets.
    """

    finding: Finding
    probability: float
    decision: Decision
    operating_point: OperatingPoint
    prediction_set: tuple[Presence, ...] | None

    @classmethod
    def of(cls, task: Task, probability: float, point: OperatingPoint) -> Self:
        """Decide on a task's finding at an operating point."""
        return cls(
            finding=task.finding,
            probability=probability,
            decision=decide(probability, task.conformal, point),
            operating_point=point,
            prediction_set=prediction_set(probability, task.conformal) if task.conformal else None,
        )

    @property
    def is_above_operating_point(self) -> bool:
        """The probability is at or above the operating point."""
        return self.probability >= self.operating_point.threshold


@dataclass(frozen=True, slots=True)
class Reading:
    """A radiograph as read by one model.

    Attributes
    ----------
    findings : tuple of FindingReading
        In the card's order: the outputs, then sums of them.
    decisions : tuple of TaskDecision
        In the card's order of tasks.
    main : Finding
        Main finding.
    activation_maps : ndarray of float32, shape (rows, columns, k), or None
        Maps whose means are the logits, in the card's order of outputs; None if the network
        has no such output.
    """

    findings: tuple[FindingReading, ...]
    decisions: tuple[TaskDecision, ...]
    main: Finding
    model_name: str
    model_version: str
    model_sha256: str
    preprocess_ms: float
    inference_ms: float
    activation_maps: NDArray[np.float32] | None = field(default=None, compare=False, repr=False)

    @property
    def main_decision(self) -> TaskDecision:
        """The decision on the main finding."""
        return self.decision_on(self.main)

    def decision_on(self, finding: Finding) -> TaskDecision:
        """The decision on a finding."""
        return next(each for each in self.decisions if each.finding is finding)

    def probability(self, finding: Finding) -> float:
        """Calibrated probability of a finding, in [0, 1]."""
        return next(read.probability for read in self.findings if read.finding is finding)
