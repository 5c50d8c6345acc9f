"""The card of a bundle: every fact that the code needs to know of a model, and people too."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from hilum.findings import Finding
from hilum.imaging import Preprocessing
from hilum.models.measured import CardPart
from hilum.models.task import LabelPolicy, Task
from hilum.models.verification import Verification

SCHEMA_VERSION = 2
"""Of the cards that this version of Hilum reads and writes; see `hilum.models.card_schema`."""

RESERVED_NAMES = frozenset({"figures", "robustness", "shortcuts", "localisation", "compare"})
"""Names that no model may have: ``hilum evaluate`` takes them as commands."""


class Activation(StrEnum):
    """How a network's logits become probabilities."""

    SOFTMAX = "softmax"
    """The outputs exclude one another: their probabilities sum to 1."""

    SIGMOID = "sigmoid"
    """Each output is a finding of its own."""


class Calibration(CardPart):
    """How logits become probabilities: ``activation(logits / temperature + bias)``.

    Temperature scaling (Guo et al., ICML 2017) with a bias for each output, which takes back
    what class weights in training added to the rare ones. For a sigmoid each output has a
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

    kind: Literal["map"] = "map"
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


class CompiledForm(CardPart):
    """A form of the network that a runtime loads, derived from the source and checked against it.

    Attributes
    ----------
    precision : {"float32", "bfloat16", "int8"}
    changes : mapping of str to float
        The form's figures minus the source's, by their names; empty where the probabilities are
        the same within the tolerance of the export.
    """

    file: str
    precision: Literal["float32", "float16", "bfloat16", "int8"] = "float32"
    changes: dict[str, float] = Field(default={})


class NetworkInput(CardPart):
    """The array that a network takes.

    Attributes
    ----------
    layout : {"NHWC", "NCHW"}
    channels : int
        The picture is repeated in each.
    range : tuple of (float, float) or None
        What the preprocessed values, from -clip to clip, are mapped to; None: they stay.
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
    """What every card says, whatever the model does.

    Attributes
    ----------
    kind : str
        What kind of model it is; each kind has a card of its own.
    schema_version : int
        `SCHEMA_VERSION`.
    files : mapping of str to str
        SHA-256 of each file of weights, and of the list of its pictures where the bundle has one
        (`hilum.models.split_lists`); verified at load.
    source : {"model.keras", "model.onnx"}
        The file that the others are derived from; its hash is the bundle's.
    compiled : tuple of CompiledForm
        The first is what runs, unless another is asked for.
    training : mapping
        The whole configuration of the run that made it, and how the run went.
    verification : Verification or None
        What it answers for the phantoms that are shipped; see ``hilum check``.
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
                f"{name} is a command of hilum evaluate, and no name of a model: rename it and "
                "its folder"
            )
        return name


class Card(BundleCard):
    """The card of a classifier; see `docs/model.md`.

    Attributes
    ----------
    outputs : tuple of Finding
        What the network's outputs are, in their order.
    main : Finding
        The task that the headline is about.
    tasks : tuple of Task
        What the model decides on.
    evidence : EvidenceLayer or Occlusion or None
        None: the model can show no evidence.
    """

    kind: Literal["classifier"] = "classifier"
    activation: Activation
    outputs: tuple[Finding, ...] = Field(min_length=1)
    calibration: Calibration
    main: Finding
    tasks: tuple[Task, ...] = Field(min_length=1)
    evidence: EvidenceLayer | Occlusion | None = Field(default=None, discriminator="kind")
    labels: LabelPolicy = LabelPolicy()

    @property
    def main_task(self) -> Task:
        """The task that the headline is about."""
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
        """The task that a finding is of or is a part of; None for other outputs."""
        return next((t for t in self.tasks if finding in (t.finding, *t.parts)), None)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All that a reading gives a probability of: the outputs, then sums of them."""
        sums = (task.finding for task in self.tasks if task.finding not in self.outputs)
        return (*self.outputs, *sums)

    def columns(self, finding: Finding) -> list[int]:
        """The network's outputs whose probabilities make up a finding's."""
        if finding in self.outputs:
            return [self.outputs.index(finding)]
        return [self.outputs.index(part) for part in self.task(finding).parts]

    def is_assessed(self, finding: Finding) -> bool:
        """Whether its task's figures are good enough; without a task, those of the main one."""
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
            raise ValueError("an output or the finding of a task is named twice")
        if self.main not in findings:
            raise ValueError("main is not the finding of a task")
        for task in self.tasks:
            self._check_task(task)
        return self

    def _check_task(self, task: Task) -> None:
        if not set(task.parts) <= set(self.outputs):
            raise ValueError(f"task {task.finding}: it is made of parts that are no outputs")
        if task.finding in self.outputs:
            return
        if not task.parts:
            raise ValueError(f"task {task.finding}: neither it nor parts of it are outputs")
        if self.activation is Activation.SIGMOID:
            raise ValueError(
                f"task {task.finding}: probabilities of a sigmoid's outputs cannot be added"
            )
