"""What comes out: the reading of one radiograph by one model."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from hilum.findings import Finding
from hilum.models.card import OperatingPoint
from hilum.models.decision import Decision


@dataclass(frozen=True, slots=True)
class FindingReading:
    """One finding of a reading.

    Attributes
    ----------
    finding : Finding
    probability : float
        Calibrated, in [0, 1].
    operating_point : float or None
        The probability at and above which it is called present, where it has one.
    is_assessed : bool
        The model's own figures bear the finding out; see `Card.is_assessed`.
    """

    finding: Finding
    probability: float
    operating_point: float | None = None
    is_assessed: bool = True


@dataclass(frozen=True, slots=True)
class Reading:
    """A radiograph as read by one model.

    Attributes
    ----------
    findings : tuple of FindingReading
        In the card's order, the composites last.
    target : Finding
        The finding that `decision` is about.
    decision : Decision
        See `hilum.models.decision.decide`.
    operating_point : OperatingPoint
        The one that was decided at.
    prediction_set : tuple of Finding or None
        Labels of the target's task that are not ruled out, at the card's coverage; None where
        the card has no conformal sets.
    model_name, model_version, model_sha256 : str
    preprocess_ms, inference_ms : float
    activation_maps : ndarray of float32, shape (rows, columns, k), or None
        What the logits are the means of, in the card's order of findings; None where the
        network does not tell.
    """

    findings: tuple[FindingReading, ...]
    target: Finding
    decision: Decision
    operating_point: OperatingPoint
    prediction_set: tuple[Finding, ...] | None
    model_name: str
    model_version: str
    model_sha256: str
    preprocess_ms: float
    inference_ms: float
    activation_maps: NDArray[np.float32] | None = field(default=None, compare=False, repr=False)

    @property
    def is_above_operating_point(self) -> bool:
        """The target's probability is at or above the operating point."""
        return self.probability(self.target) >= self.operating_point.threshold

    def probability(self, finding: Finding) -> float:
        """Calibrated probability of a finding, in [0, 1]."""
        return next(read.probability for read in self.findings if read.finding is finding)
