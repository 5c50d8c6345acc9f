"""The card of a bundle: every fact that the code needs to know of a model, and people too."""

from datetime import date
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from hilum.findings import Finding
from hilum.imaging import Preprocessing
from hilum.models.measured import CardPart, Curves, SplitMetrics, Trial, TrialFigure
from hilum.models.verification import Verification
from hilum.populations import Population

_LEAST_AUROC = 0.70
"""Below this, even at the lower end of the interval, a finding is shown as not assessed."""


class Calibration(CardPart):
    """How logits become probabilities: ``softmax(logits / temperature + bias)``.

    Temperature scaling (Guo et al., ICML 2017) with a bias for each class, which takes back
    what class weights in training added to the rare ones.
    """

    temperature: float = Field(gt=0)
    bias: tuple[float, ...]
    fitted_on: str


class OperatingPoint(CardPart):
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


class Conformal(CardPart):
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


class EvidenceLayer(CardPart):
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


class DataCredit(CardPart):
    """A data set that the model was trained on, as its licence asks to be named."""

    name: str
    licence: str
    source: str
    citation: str


class BundleCard(CardPart):
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
    verification : Verification or None
        What it answers for the phantoms that are shipped; see ``hilum check``.
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
    verification: Verification | None = None


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
    curves: dict[str, Curves] = Field(default={})
    evidence: EvidenceLayer | None = None
    trials: dict[Trial, tuple[TrialFigure, ...]] = Field(default={})
    across_acquisitions: dict[str, SplitMetrics] = Field(default={})

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
