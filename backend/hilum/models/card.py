"""Card of a bundle: all facts about a model, for the code and for people."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from hilum.findings import Finding
from hilum.imaging import Preprocessing
from hilum.models.measured import CardPart
from hilum.models.site import Site
from hilum.models.task import LabelPolicy, Task
from hilum.models.verification import Verification

SCHEMA_VERSION = 2
"""Version of the cards that this Hilum reads and writes; see `hilum.models.card_schema`."""

AUTOMATIC, ALL = "auto", "all"
"""In place of a model's name: the models for the patient's age, and all models."""

RESERVED_NAMES = frozenset(
    {"figures", "robustness", "shortcuts", "localisation", "compare", AUTOMATIC, ALL}
)
"""Names that no model may have: commands of ``hilum evaluate``, and choices of several models."""


class Activation(StrEnum):
    """How a network's logits become probabilities."""

    SOFTMAX = "softmax"
    """The outputs exclude one another: their probabilities sum to 1."""

    SIGMOID = "sigmoid"
    """Each output is a finding of its own."""


class Calibration(CardPart):
    """How logits become probabilities: ``activation(logits / temperature + bias)``.

    Temperature scaling (Guo et al., ICML 2017) with a bias for each output, which corrects for
    the class weights in training. For a sigmoid each output has a
    temperature of its own (Platt scaling).

    Attributes
    ----------
    temperature, bias : tuple of float
        One for each output.
    """

    temperature: tuple[Annotated[float, Field(gt=0)], ...]
    bias: tuple[float, ...]
    fitted_on: str


class EvidenceLayer(CardPart):
    """Second output of the network, an exact class activation map, and the place of its cells.

    Its mean over the grid is the logit (Zhou et al., CVPR 2016). The cells do not tile the input
    evenly, because of padding (Araujo et al.,
    "Computing Receptive Fields of Convolutional Neural Networks", Distill 2019).

    Attributes
    ----------
    layer : str
        Name of the output.
    grid : tuple of int
        Rows and columns of the map.
    origin_px : float
        Position of the first cell's centre on the input, in pixels from the first pixel's
        centre; the same for rows and columns.
    step_px : float
        Distance between the centres of neighbouring cells.
    """

    kind: Literal["map"] = "map"
    layer: str
    grid: tuple[int, int]
    origin_px: float
    step_px: float = Field(gt=0)


class DataCredit(CardPart):
    """Credit for a data set that the model was trained on, as its licence requires."""

    name: str
    licence: str
    source: str
    citation: str


class CompiledForm(CardPart):
    """A form of the network that a runtime loads, derived from the source and checked against it.

    Attributes
    ----------
    precision : {"float32", "bfloat16", "int8"}
    changes : mapping of str to float
        Figures of the form minus those of the source, by name; empty if the probabilities are the
        same within the tolerance of the export.
    """

    file: str
    precision: Literal["float32", "float16", "bfloat16", "int8"] = "float32"
    changes: dict[str, float] = Field(default={})


class NetworkInput(CardPart):
    """Input array of a network.

    Attributes
    ----------
    layout : {"NHWC", "NCHW"}
    channels : int
        The grey image is repeated in each channel.
    range : tuple of (float, float) or None
        Range that the preprocessed values, from -clip to clip, are mapped to; None: no mapping.
    """

    layout: Literal["NHWC", "NCHW"] = "NHWC"
    channels: Literal[1, 3] = 1
    range: tuple[float, float] | None = None


class Occlusion(CardPart):
    """Evidence by covering one cell of the input after the other (Zeiler and Fergus, ECCV 2014).

    Attributes
    ----------
    grid : tuple of int
        Rows and columns of cells.
    """

    kind: Literal["occlusion"] = "occlusion"
    grid: tuple[int, int]


class BundleCard(CardPart):
    """Facts that the cards of all models contain.

    Attributes
    ----------
    kind : str
        Kind of the model; each kind has its own card class.
    schema_version : int
        `SCHEMA_VERSION`.
    files : mapping of str to str
        SHA-256 of each file of weights, and of the list of images if the bundle has one
        (`hilum.models.split_lists`); verified at load.
    source : {"model.keras", "model.onnx"}
        File that the other forms are derived from; its hash identifies the bundle.
    compiled : tuple of CompiledForm
        The first is used by default.
    training : mapping
        Complete configuration of the training run, and its course.
    verification : Verification or None
        Expected answers for the shipped phantoms; see ``hilum check``.
    """

    kind: str
    schema_version: int = SCHEMA_VERSION
    name: str
    title: str
    version: str
    created: date
    intended_use: str
    intended_population: str
    preprocessing: Preprocessing
    input: NetworkInput = NetworkInput()
    files: dict[str, str]
    source: Literal["model.keras", "model.onnx"] = "model.keras"
    compiled: tuple[CompiledForm, ...] = (CompiledForm(file="model.onnx"),)
    parameters: int
    training_data: tuple[DataCredit, ...]
    training: dict[str, Any]
    limits: tuple[str, ...]
    verification: Verification | None = None

    @field_validator("name")
    @classmethod
    def _is_free(cls, name: str) -> str:
        if name in RESERVED_NAMES:
            raise ValueError(
                f"{name} is a command or an option of Hilum and cannot be the name of a model: "
                "rename the model and its folder"
            )
        return name


class Card(BundleCard):
    """The card of a classifier; see `docs/model.md`.

    Attributes
    ----------
    outputs : tuple of Finding
        Findings of the network's outputs, in their order.
    main : Finding
        Finding of the main task.
    tasks : tuple of Task
        Findings that the model decides on.
    evidence : EvidenceLayer or Occlusion or None
        None: the model cannot show evidence.
    site : Site or None
        None in a bundle; see `hilum.models.site_profile`.
    """

    kind: Literal["classifier"] = "classifier"
    activation: Activation
    outputs: tuple[Finding, ...] = Field(min_length=1)
    calibration: Calibration
    main: Finding
    tasks: tuple[Task, ...] = Field(min_length=1)
    evidence: EvidenceLayer | Occlusion | None = Field(default=None, discriminator="kind")
    labels: LabelPolicy = LabelPolicy()
    site: Site | None = Field(default=None, exclude_if=lambda site: site is None)

    @property
    def main_task(self) -> Task:
        """The main task."""
        return self.task(self.main)

    @property
    def tasks_in_order(self) -> tuple[Task, ...]:
        """The main task, then the others."""
        return (self.main_task, *(task for task in self.tasks if task.finding is not self.main))

    def task(self, finding: Finding) -> Task:
        """The task of a finding.

        Raises
        ------
        KeyError
            The model does not decide on it.
        """
        for task in self.tasks:
            if task.finding is finding:
                return task
        raise KeyError(finding)

    def decides_on(self, finding: Finding) -> bool:
        """Whether there is a task of a finding."""
        return any(task.finding is finding for task in self.tasks)

    def task_of(self, finding: Finding) -> Task | None:
        """The task of a finding, or of the whole that it is a part of; None for other outputs."""
        return next((t for t in self.tasks if finding in (t.finding, *t.parts)), None)

    @property
    def shows_evidence(self) -> bool:
        """Whether readings can have evidence; that by occlusion is not computed yet."""
        return isinstance(self.evidence, EvidenceLayer)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Findings with a probability in readings: the outputs, then sums of them."""
        sums = (task.finding for task in self.tasks if task.finding not in self.outputs)
        return (*self.outputs, *sums)

    def columns(self, finding: Finding) -> list[int]:
        """Indices of the outputs whose probabilities add up to that of a finding."""
        if finding in self.outputs:
            return [self.outputs.index(finding)]
        return [self.outputs.index(part) for part in self.task(finding).parts]

    def is_assessed(self, finding: Finding) -> bool:
        """Whether the figures of a finding's task, or else the main task, meet the rule."""
        return (self.task_of(finding) or self.main_task).is_assessed(finding)

    @model_validator(mode="after")
    def _is_consistent(self) -> Self:
        outputs = len(self.outputs)
        if {len(self.calibration.temperature), len(self.calibration.bias)} != {outputs}:
            raise ValueError("calibration needs one temperature and one bias for each output")
        if self.activation is Activation.SOFTMAX and len(set(self.calibration.temperature)) > 1:
            raise ValueError("a softmax has one temperature for all outputs")
        findings = [task.finding for task in self.tasks]
        if len(set(findings)) < len(findings) or len(set(self.outputs)) < outputs:
            raise ValueError("an output or a task occurs twice")
        if self.main not in findings:
            raise ValueError("main is not the finding of a task")
        for task in self.tasks:
            self._check_task(task)
        return self

    def _check_task(self, task: Task) -> None:
        if Finding.NORMAL in (task.finding, *task.parts):
            raise ValueError(f"task {task.finding}: normal is not a finding that can be decided on")
        if len(set(task.parts)) < len(task.parts):
            raise ValueError(f"task {task.finding}: a part occurs twice")
        if not set(task.parts) <= set(self.outputs):
            raise ValueError(f"task {task.finding}: some of its parts are not outputs")
        if task.finding in self.outputs:
            return
        if not task.parts:
            raise ValueError(f"task {task.finding}: it is not an output and has no parts")
        if self.activation is Activation.SIGMOID:
            raise ValueError(
                f"task {task.finding}: probabilities of a sigmoid's outputs cannot be added"
            )
