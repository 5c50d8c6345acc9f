"""Measured figures of a model with intervals, curves and trials; parts of its card."""

from typing import Literal

from pydantic import BaseModel, ConfigDict


class CardPart(BaseModel):
    """A part of a card: frozen, and without fields that the code does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class RocPoint(CardPart):
    """Sensitivity and specificity of a threshold."""

    threshold: float
    sensitivity: float
    specificity: float


class PrecisionRecallPoint(CardPart):
    """Precision and recall of a threshold."""

    recall: float
    precision: float


class ReliabilityBin(CardPart):
    """Predicted probability and observed share of positives in one bin."""

    predicted: float
    observed: float
    count: int


class ScoreHistogram(CardPart):
    """Histogram of the probabilities of positive and negative films."""

    edges: tuple[float, ...]
    positive: tuple[int, ...]
    negative: tuple[int, ...]


class NetBenefit(CardPart):
    """Net benefit of acting on the model, and of treating all (Vickers and Elkin, 2006)."""

    threshold: float
    model: float
    treat_all: float


class Curves(CardPart):
    """Data for the plots of one split.

    Attributes
    ----------
    roc : tuple of RocPoint
        Thresholds falling from 1 to 0.
    reliability : tuple of ReliabilityBin
        Empty bins are left out.
    """

    roc: tuple[RocPoint, ...]
    precision_recall: tuple[PrecisionRecallPoint, ...]
    reliability: tuple[ReliabilityBin, ...]
    histogram: ScoreHistogram
    decision: tuple[NetBenefit, ...]


class Interval(CardPart):
    """A figure with its 95 % interval."""

    value: float
    low: float
    high: float


class SplitMetrics(CardPart):
    """Figures on one split, at the shipped operating point; shares in [0, 1].

    ``sensitivity`` and ``specificity`` belong to the operating point alone. If the model may also
    be uncertain, ``decided_sensitivity`` is the share of positives decided positive,
    ``decided_specificity`` the share of negatives decided negative, and
    ``uncertain_share_positive`` and ``uncertain_share_negative`` are the shares left uncertain.
    ``parts_auroc`` and ``parts_accuracy`` describe distinguishing the finding's parts.
    """

    patients: int
    images: int
    positives: int
    auroc: Interval
    accuracy: Interval
    sensitivity: Interval
    specificity: Interval
    brier: Interval
    expected_calibration_error: Interval
    auprc: Interval | None = None
    f1: Interval | None = None
    positive_predictive_value: Interval | None = None
    negative_predictive_value: Interval | None = None
    conformal_coverage_positive: Interval | None = None
    conformal_coverage_negative: Interval | None = None
    uncertain_share: Interval | None = None
    decided_sensitivity: Interval | None = None
    decided_specificity: Interval | None = None
    uncertain_share_positive: Interval | None = None
    uncertain_share_negative: Interval | None = None
    parts_auroc: Interval | None = None
    parts_accuracy: Interval | None = None
    confusion: dict[str, dict[str, int]]


class GroupFigures(CardPart):
    """Figures of one group of patients or films.

    Attributes
    ----------
    kind, group : str
        For example ``view`` and ``AP``.
    """

    kind: str
    group: str
    metrics: SplitMetrics


class TrialFigure(CardPart):
    """One figure of a trial of the model.

    Attributes
    ----------
    words : str
        Description for users.
    images, patients : int
        Number of images and patients it is measured on.
    """

    words: str
    figure: Interval
    images: int
    patients: int


Trial = Literal["localisation", "rereads", "robustness", "shortcuts"]
