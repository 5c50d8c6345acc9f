"""What the API answers, as its clients see it."""

from typing import Literal, Self

from pydantic import BaseModel, Field

from hilum.api.anatomy_schemas import AnatomyAnswer
from hilum.api.evidence_schemas import EvidenceAnswer
from hilum.api.notice import NOTICE
from hilum.findings import Finding
from hilum.imaging import ImageFormat, Radiograph, View
from hilum.models import Card, Decision, OperatingPoint, PipelineResult, Reader, Screening
from hilum.models.decision import uncertain_between
from hilum.models.evidence import NO_EVIDENCE_LAYER
from hilum.models.operating_point import rates_at
from hilum.models.registry import Unavailable
from hilum.models.suitability import ReasonCode, match_population


class FindingAnswer(BaseModel):
    """A finding with its calibrated probability."""

    code: Finding
    label: str
    probability: float = Field(ge=0, le=1)
    operating_point: float | None = Field(
        description="Probability at and above which the model calls the finding present; null "
        "where it decides nothing by this finding."
    )
    assessed: bool = Field(
        description="False where the model's figures on test patients are too weak to rely on "
        "(lower end of the AUROC's interval under 0.70): take no decision from it."
    )


class ModelAnswer(BaseModel):
    """Which model read."""

    name: str
    version: str
    sha256: str
    intended_population: str


class OperatingPointAnswer(BaseModel):
    """The probability from which on the target counts as present, and what it gives."""

    threshold: float = Field(ge=0, le=1)
    criterion: str
    sensitivity: float | None = Field(description="On the validation patients, where known.")
    specificity: float | None

    @classmethod
    def of(cls, point: OperatingPoint, card: Card) -> Self:
        """Describe an operating point."""
        rates = rates_at(card, point.threshold)
        return cls(
            threshold=point.threshold,
            criterion=point.criterion,
            sensitivity=round(rates[0], 4) if rates else None,
            specificity=round(rates[1], 4) if rates else None,
        )


class ReasonAnswer(BaseModel):
    """One thing to know of a picture."""

    code: ReasonCode
    words: str


class PopulationAnswer(BaseModel):
    """Whether the film is of the people that the model is meant for."""

    intended: bool | None = Field(description="Null where neither file nor picture tells.")
    words: str


class SuitabilityAnswer(BaseModel):
    """Whether the picture is one that the models can be trusted on."""

    suitable: bool
    forced: bool = Field(description="It is not, and was read because `force=true` asked for it.")
    reasons: list[ReasonAnswer] = Field(description="What speaks against it.")
    notes: list[ReasonAnswer] = Field(description="What was mended or should be known.")
    population: PopulationAnswer

    @classmethod
    def of(cls, screening: Screening, card: Card) -> Self:
        """Describe what was seen before the reading."""
        suitability = screening.suitability
        match = match_population(screening.radiograph, screening.anatomy, card)
        return cls(
            suitable=suitability.is_suitable,
            forced=not suitability.is_suitable,
            reasons=[ReasonAnswer(code=r.code, words=r.words) for r in suitability.reasons],
            notes=[ReasonAnswer(code=r.code, words=r.words) for r in suitability.notes],
            population=PopulationAnswer(intended=match.is_intended, words=match.words),
        )


class ImageAnswer(BaseModel):
    """The picture as it was understood; rows and columns after it was turned upright."""

    sha256: str
    format: ImageFormat
    rows: int
    columns: int
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
    anatomy: float = Field(description="Finding lungs and heart, and judging the picture.")
    preprocess: float
    inference: float
    total: float


class ReadingAnswer(BaseModel):
    """One radiograph, read. `result` and `prediction` are kept for older clients."""

    result: Literal["Normal", "Potentially Pneumonia"]
    prediction: str = Field(description="Probability of pneumonia in per cent, four decimals.")
    decision: Decision = Field(
        description="Uncertain where `prediction_set` leaves both labels or none; else by the "
        "operating point, as `result` always is."
    )
    operating_point: OperatingPointAnswer
    prediction_set: list[Finding] | None = Field(
        description="Labels that are not ruled out at the stated coverage (split conformal "
        "prediction). One is a decision; both or none mean that the model cannot tell. Null "
        "where the model has no such sets."
    )
    coverage: float | None = Field(
        description="Share of films like the validation patients' whose set holds the truth."
    )
    uncertain_between: tuple[float, float] | None = Field(
        description="Probabilities of the target between which the model cannot tell."
    )
    suitability: SuitabilityAnswer | None = Field(
        description="Null where the service has no anatomy bundle to look with."
    )
    findings: list[FindingAnswer]
    model: ModelAnswer
    image: ImageAnswer
    timing_ms: TimingAnswer
    anatomy: AnatomyAnswer | None = Field(
        default=None, description="With `anatomy=true`: lungs, heart, cardiothoracic ratio."
    )
    evidence: EvidenceAnswer | None = Field(
        default=None, description="With `evidence=…`: which part of the picture it rests on."
    )
    notice: str

    @classmethod
    def of(
        cls,
        result: PipelineResult,
        card: Card,
        anatomy: AnatomyAnswer | None = None,
        evidence: EvidenceAnswer | None = None,
    ) -> Self:
        """The answer for a reading."""
        reading, radiograph = result.reading, result.radiograph
        is_above = reading.is_above_operating_point
        screening = result.screening
        return cls(
            result="Potentially Pneumonia" if is_above else "Normal",
            prediction=f"{100 * reading.probability(reading.target):.4f}",
            decision=reading.decision,
            operating_point=OperatingPointAnswer.of(reading.operating_point, card),
            prediction_set=(
                list(reading.prediction_set) if reading.prediction_set is not None else None
            ),
            coverage=card.conformal.coverage if card.conformal else None,
            uncertain_between=uncertain_between(
                card.target, card.conformal, reading.operating_point.threshold
            ),
            suitability=SuitabilityAnswer.of(screening, card) if screening else None,
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
                decode=round(result.steps.decode_ms, 3),
                anatomy=round(result.steps.anatomy_ms, 3),
                preprocess=round(reading.preprocess_ms, 3),
                inference=round(reading.inference_ms, 3),
                total=round(result.steps.total_ms, 3),
            ),
            anatomy=anatomy,
            evidence=evidence,
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
    shows_evidence: bool = Field(
        default=False, description="It can tell which part of a picture a reading rests on."
    )
    evidence_message: str | None = Field(
        default=None, description="Why it can show no evidence, where it cannot."
    )

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
            shows_evidence=card.evidence is not None,
            evidence_message=None if card.evidence else NO_EVIDENCE_LAYER,
        )


class ModelList(BaseModel):
    """All models of this service."""

    default: str
    models: list[ModelSummary]


class Health(BaseModel):
    """The service answers."""

    status: Literal["ok"] = "ok"
