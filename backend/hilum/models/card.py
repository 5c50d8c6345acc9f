"""The card of a bundle: every fact that the code needs to know of a model, and people too."""

from datetime import date
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from hilum.findings import Finding
from hilum.imaging import Preprocessing
from hilum.populations import Population

_LEAST_AUROC = 0.70
"""Below this, even at the lower end of the interval, a finding is shown as not assessed."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Calibration(_Part):
    """How logits become probabilities: ``softmax(logits / temperature + bias)``.

    Temperature scaling (Guo et al., ICML 2017) with a bias for each class, which takes back
    what class weights in training added to the rare ones.
    """

    temperature: float = Field(gt=0)
    bias: tuple[float, ...]
    fitted_on: str


class OperatingPoint(_Part):
    """The probability at and above which a finding is called present, and why it is that one."""

    threshold: float = Field(ge=0, le=1)
    criterion: str
    chosen_on: str

    @property
    def is_requested(self) -> bool:
        """A user asked for it: it decides alone, without prediction sets."""
        return False


class RequestedPoint(OperatingPoint):
    """An operating point that a user asked for in place of the model's own."""

    @property
    def is_requested(self) -> bool:
        """A user asked for it: it decides alone, without prediction sets."""
        return True


class Conformal(_Part):
    """Sets of labels that hold the true one with a stated probability.

    Class-conditional split conformal prediction (Vovk, ACML 2012) on the task "target or not":
    a label is in the set where one minus its probability is at most its quantile.

    Attributes
    ----------
    coverage : float
        Share of each class's films, of those like the ones it was fitted on, whose set holds
        the truth.
    quantiles : mapping of Finding to float
        For the target and for `Finding.NORMAL`.
    fitted_on : str
    """

    coverage: float = Field(gt=0, lt=1)
    quantiles: dict[Finding, float]
    fitted_on: str


class EvidenceLayer(_Part):
    """The network's second output, an exact class activation map, and where its cells lie.

    Its mean over the grid is the logit (Zhou et al., CVPR 2016). Cells do not tile the input
    evenly: convolutions without padding leave a border, padded ones shift (Araujo et al.,
    "Computing Receptive Fields of Convolutional Neural Networks", Distill 2019).

    Attributes
    ----------
    layer : str
        Name of the output.
    grid : tuple of int
        Rows and columns of the map.
    origin_px : float
        Where the first cell's centre lies on the input, in pixels from the first pixel's
        centre; along rows and columns alike.
    step_px : float
        From one cell's centre to the next.
    """

    layer: str
    grid: tuple[int, int]
    origin_px: float
    step_px: float = Field(gt=0)


class RocPoint(_Part):
    """What a threshold gives."""

    threshold: float
    sensitivity: float
    specificity: float


class PrecisionRecallPoint(_Part):
    """What a threshold gives, as a searcher sees it."""

    recall: float
    precision: float


class ReliabilityBin(_Part):
    """Films of about one probability: what was predicted, what was found."""

    predicted: float
    observed: float
    count: int


class ScoreHistogram(_Part):
    """How many films with and without the target have which probability."""

    edges: tuple[float, ...]
    positive: tuple[int, ...]
    negative: tuple[int, ...]


class NetBenefit(_Part):
    """Net benefit of acting on the model, and of treating all (Vickers and Elkin, 2006)."""

    threshold: float
    model: float
    treat_all: float


class Curves(_Part):
    """What plots of one split are drawn from.

    Attributes
    ----------
    roc : tuple of RocPoint
        Thresholds falling from 1 to 0.
    precision_recall : tuple of PrecisionRecallPoint
    reliability : tuple of ReliabilityBin
        Bins without films are left out.
    histogram : ScoreHistogram
    decision : tuple of NetBenefit
    """

    roc: tuple[RocPoint, ...]
    precision_recall: tuple[PrecisionRecallPoint, ...]
    reliability: tuple[ReliabilityBin, ...]
    histogram: ScoreHistogram
    decision: tuple[NetBenefit, ...]


class Interval(_Part):
    """A figure with its 95 % interval."""

    value: float
    low: float
    high: float


class SplitMetrics(_Part):
    """Figures on one split, at the shipped operating point; shares in [0, 1].

    ``sensitivity`` and ``specificity`` belong to the operating point alone. Where the model may
    also be uncertain, ``decided_sensitivity`` is the share of positives that it decides to be
    positive, ``decided_specificity`` that of negatives that it decides to be negative, and the
    ``uncertain_share`` of either class is what is left between right and wrong.
    """

    patients: int
    images: int
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
    bacterial_against_viral_auroc: Interval | None = None
    bacterial_against_viral_accuracy: Interval | None = None
    confusion: dict[str, dict[str, int]]


class TrialFigure(_Part):
    """One figure of a trial of the model, beside those of the splits.

    Attributes
    ----------
    words : str
        What it is, for people.
    figure : Interval
    images, patients : int
        That it is measured on.
    """

    words: str
    figure: Interval
    images: int
    patients: int


Trial = Literal["localisation", "robustness", "shortcuts"]


class DataCredit(_Part):
    """A data set that the model was trained on, as its licence asks to be named."""

    name: str
    licence: str
    source: str
    citation: str


class BundleCard(_Part):
    """What every card says, whatever the model does.

    Attributes
    ----------
    kind : str
        What kind of model it is; each kind has a card of its own.
    files : mapping of str to str
        SHA-256 of each file of weights, and of the list of its pictures where the bundle has one
        (`hilum.models.split_lists`); verified at load.
    training : mapping
        The whole configuration of the run that made it, and how the run went.
    """

    kind: str
    schema_version: int = 1
    name: str
    title: str
    version: str
    created: date
    intended_use: str
    intended_population: str
    preprocessing: Preprocessing
    files: dict[str, str]
    parameters: int
    training_data: tuple[DataCredit, ...]
    training: dict[str, Any]
    limits: tuple[str, ...]


class Card(BundleCard):
    """The card of a classifier; see `docs/model.md`.

    Attributes
    ----------
    findings : tuple of Finding
        What the network's outputs are, in their order.
    composites : mapping of Finding to tuple of Finding
        Findings whose probability is the sum of others'.
    target : Finding
        The finding that the model decides on.
    intended : Population or None
        Whom the model is meant for, where that can be told from a film.
    intended_years : tuple of (float, float) or None
        The ages that it is meant for: from the first on, and below the second.
    curves : mapping of str to Curves
        By split; those of ``validation`` tell what other operating points would give.
    evidence : EvidenceLayer or None
        None: the network has one output, and the model can show no evidence.
    trials : mapping of Trial to tuple of TrialFigure
        What ``hilum evaluate MODEL --into-card`` found; empty until it was run.
    across_acquisitions : mapping of str to SplitMetrics
        Figures of networks of the same recipe, each on radiographs of an acquisition that it
        did not learn from; see ``hilum train pneumonia --across-numbers --into-card``.
    """

    kind: Literal["classifier"] = "classifier"
    findings: tuple[Finding, ...]
    composites: dict[Finding, tuple[Finding, ...]]
    target: Finding
    intended: Population | None = None
    intended_years: tuple[float, float] | None = None
    calibration: Calibration
    operating_points: dict[Finding, OperatingPoint]
    conformal: Conformal | None = None
    metrics: dict[str, SplitMetrics]
    curves: dict[str, Curves] = {}
    evidence: EvidenceLayer | None = None
    trials: dict[Trial, tuple[TrialFigure, ...]] = {}
    across_acquisitions: dict[str, SplitMetrics] = {}

    def is_assessed(self, finding: Finding) -> bool:
        """Whether the test patients bear the finding out: its AUROC's interval is above 0.70.

        Parts of a composite are told from one another: for them it is that AUROC that counts.
        """
        metrics = self.metrics.get("test")
        if metrics is None:
            return False
        is_part = any(finding in parts for parts in self.composites.values())
        interval = metrics.bacterial_against_viral_auroc if is_part else metrics.auroc
        return interval is not None and interval.low >= _LEAST_AUROC

    @model_validator(mode="after")
    def _is_consistent(self) -> Self:
        if len(self.calibration.bias) != len(self.findings):
            raise ValueError("calibration.bias needs one number for each finding")
        for composite, parts in self.composites.items():
            if not set(parts) <= set(self.findings):
                raise ValueError(f"composite {composite} is made of findings the model lacks")
        if self.target not in self.operating_points:
            raise ValueError("the target finding has no operating point")
        if self.conformal and set(self.conformal.quantiles) != {Finding.NORMAL, self.target}:
            raise ValueError("conformal.quantiles needs the target and normal")
        return self
