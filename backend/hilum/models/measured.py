"""What was measured of a model: figures with their intervals, curves, trials; parts of its card."""

from typing import Literal

from pydantic import BaseModel, ConfigDict


class CardPart(BaseModel):
    """A part of a card: frozen, and without fields that the code does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class RocPoint(CardPart):
    """What a threshold gives."""

    threshold: float
    sensitivity: float
    specificity: float


class PrecisionRecallPoint(CardPart):
    """What a threshold gives, as a searcher sees it."""

    recall: float
    precision: float


class ReliabilityBin(CardPart):
    """Films of about one probability: what was predicted, what was found."""

    predicted: float
    observed: float
    count: int


class ScoreHistogram(CardPart):
    """How many films with and without the target have which probability."""

    edges: tuple[float, ...]
    positive: tuple[int, ...]
    negative: tuple[int, ...]


class NetBenefit(CardPart):
    """Net benefit of acting on the model, and of treating all (Vickers and Elkin, 2006)."""

    threshold: float
    model: float
    treat_all: float


class Curves(CardPart):
    """What plots of one split are drawn from.

    Attributes
    ----------
    roc : tuple of RocPoint
        Thresholds falling from 1 to 0.
    reliability : tuple of ReliabilityBin
        Bins without films are left out.
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

    ``sensitivity`` and ``specificity`` belong to the operating point alone. Where the model may
    also be uncertain, ``decided_sensitivity`` is the share of positives that it decides to be
    positive, ``decided_specificity`` that of negatives that it decides to be negative, and the
    ``uncertain_share`` of either class is what is left between right and wrong. ``parts_auroc``
    and ``parts_accuracy`` are of telling the finding's parts from one another.
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
        Such as ``view`` and ``AP``.
    """

    kind: str
    group: str
    metrics: SplitMetrics


class TrialFigure(CardPart):
    """One figure of a trial of the model, beside those of the splits.

    Attributes
    ----------
    words : str
        What it is, for people.
    images, patients : int
        That it is measured on.
    """

    words: str
    figure: Interval
    images: int
    patients: int


Trial = Literal["localisation", "robustness", "shortcuts"]
