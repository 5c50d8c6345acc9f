"""What the API answers, as its clients see it."""

from typing import Literal, Self

from pydantic import BaseModel, Field

from hilum.api.anatomy_schemas import AnatomyAnswer
from hilum.api.readings import TimedReading
from hilum.findings import Finding
from hilum.imaging import ImageFormat, Radiograph, View
from hilum.models import Card, Decision, Reader
from hilum.models.registry import Unavailable

NOTICE = "For research and education. Not a medical device: a person decides."


class FindingAnswer(BaseModel):
    """A finding with its calibrated probability."""

    code: Finding
    label: str = Field(examples=["Pneumonia"])
    probability: float = Field(ge=0, le=1, examples=[0.95123])
    operating_point: float | None = Field(
        description="Probability at and above which the model calls the finding present; null "
        "where it decides nothing by this finding.",
        examples=[0.52],
    )
    assessed: bool = Field(
        description="False where the model's figures on test patients are too weak to rely on "
        "(lower end of the AUROC's interval under 0.70): take no decision from it."
    )


class ModelAnswer(BaseModel):
    """Which model read."""

    name: str = Field(examples=["pneumonia"])
    version: str = Field(examples=["2026.11.1"])
    sha256: str
    intended_population: str


class ImageAnswer(BaseModel):
    """The picture as it was understood; rows and columns after it was turned upright."""

    sha256: str
    format: ImageFormat
    rows: int = Field(examples=[1400])
    columns: int = Field(examples=[1800])
    view: View
    was_colour: bool = Field(description="Colour was turned to grey by luminance.")
    warnings: list[str]

    @classmethod
    def of(cls, radiograph: Radiograph) -> Self:
        """Describe a radiograph."""
        return cls(
            sha256=radiograph.sha256,
            format=radiograph.format,
            rows=radiograph.rows,
            columns=radiograph.columns,
            view=radiograph.view,
            was_colour=radiograph.was_colour,
            warnings=list(radiograph.warnings),
        )


class TimingAnswer(BaseModel):
    """Milliseconds in the service, by step."""

    decode: float
    preprocess: float
    inference: float
    total: float


class ReadingAnswer(BaseModel):
    """One radiograph, read. `result` and `prediction` are kept for older clients."""

    result: Literal["Normal", "Potentially Pneumonia"]
    prediction: str = Field(
        description="Probability of pneumonia in per cent, four decimals.", examples=["95.1230"]
    )
    decision: Decision
    findings: list[FindingAnswer]
    model: ModelAnswer
    image: ImageAnswer
    timing_ms: TimingAnswer
    anatomy: AnatomyAnswer | None = Field(
        default=None, description="With `anatomy=true`: lungs, heart, cardiothoracic ratio."
    )
    notice: str = Field(examples=[NOTICE])

    @classmethod
    def of(cls, timed: TimedReading, card: Card, anatomy: AnatomyAnswer | None = None) -> Self:
        """The answer for a reading."""
        reading, radiograph = timed.reading, timed.radiograph
        is_positive = reading.decision is Decision.POSITIVE
        return cls(
            result="Potentially Pneumonia" if is_positive else "Normal",
            prediction=f"{100 * reading.probability(reading.target):.4f}",
            decision=reading.decision,
            findings=[
                FindingAnswer(
                    code=read.finding,
                    label=read.finding.label,
                    probability=round(read.probability, 6),
                    operating_point=read.operating_point,
                    assessed=read.is_assessed,
                )
                for read in reading.findings
            ],
            model=ModelAnswer(
                name=reading.model_name,
                version=reading.model_version,
                sha256=reading.model_sha256,
                intended_population=card.intended_population,
            ),
            image=ImageAnswer.of(radiograph),
            timing_ms=TimingAnswer(
                decode=round(timed.steps.decode_ms, 3),
                preprocess=round(reading.preprocess_ms, 3),
                inference=round(reading.inference_ms, 3),
                total=round(timed.steps.total_ms, 3),
            ),
            anatomy=anatomy,
            notice=NOTICE,
        )


class MeasuredAnswer(BaseModel):
    """One radiograph, measured."""

    anatomy: AnatomyAnswer
    image: ImageAnswer
    notice: str = Field(examples=[NOTICE])


class ModelSummary(BaseModel):
    """A model that this service has, or why it cannot be used."""

    name: str
    ready: bool
    reason: str | None = None
    title: str | None = None
    version: str | None = None
    sha256: str | None = None
    intended_population: str | None = None
    findings: list[Finding] = []

    @classmethod
    def of(cls, entry: Reader | Unavailable) -> Self:
        """The summary of a registry's entry."""
        if isinstance(entry, Unavailable):
            return cls(name=entry.name, ready=False, reason=entry.reason)
        card = entry.card
        return cls(
            name=card.name,
            ready=True,
            title=card.title,
            version=card.version,
            sha256=entry.bundle.sha256,
            intended_population=card.intended_population,
            findings=[*card.findings, *card.composites],
        )


class ModelList(BaseModel):
    """All models of this service."""

    default: str
    models: list[ModelSummary]


class Health(BaseModel):
    """The service answers."""

    status: Literal["ok"] = "ok"
